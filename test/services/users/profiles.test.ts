import t, { type Test } from 'tap'
import type { ConversationPage } from '../../../schemas/conversation.js'
import type { User } from '../../../schemas/user.js'
import { acquaint } from '../../support/acquaint.js'
import { databaseCalls } from '../../support/calls.js'
import { intercept } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { passTime } from '../../support/pass-time.js'

/** Alice and bob are acquainted; bob's entry was written by another instance. */
async function aliceAndBob (t: Test) {
  const there = await testApp(t)
  await acquaint(there, 'alice', 'bob')
  await new TestUser(there, 'bob', { name: 'Bob' }).get('/trades')
  const app = await testApp(t, { env: { TABLE_NAME: there.config.TABLE_NAME } })
  const alice = new TestUser(app, 'alice')
  await alice.get('/trades')
  return { app, there, alice, calls: databaseCalls(t, app) }
}

const nameOfBob = async (alice: TestUser) => (await alice.get('/conversations')).json<ConversationPage>().conversations[0]!.otherUser.username

t.test('a name is read once a minute', async t => {
  const { alice, there, calls } = await aliceAndBob(t)
  t.strictSame(await calls(() => nameOfBob(alice)), ['Query', 'Query', 'BatchGetItem', 'BatchGetItem'])
  t.strictSame(await calls(() => nameOfBob(alice)), ['Query', 'Query', 'BatchGetItem'])
  t.strictSame(await calls(() => alice.get('/conversations/bob')), ['GetItem'])
  t.strictSame(new Set(await calls(() => alice.get('/users?q=bob'))), new Set(['Query']))
  await new TestUser(there, 'bob', { name: 'Robert' }).get('/trades')
  t.equal(await nameOfBob(alice), 'Bob')
  passTime(t)(59_000)
  t.equal(await nameOfBob(alice), 'Bob')
  passTime(t)(2000)
  t.equal(await nameOfBob(alice), 'Robert')
})

t.test('what is written here counts at once, though it was being read', async t => {
  const { app, alice } = await aliceAndBob(t)
  const reads = intercept(t, app, 'BatchGetItem', async attempt => {
    const answer = await attempt()
    // The names are the second batch of the page.
    if (reads.count === 2) await new TestUser(app, 'bob', { name: 'Robert' }).get('/trades')
    return answer
  })
  t.equal(await nameOfBob(alice), 'Bob')
  t.equal(await nameOfBob(alice), 'Robert')
  await new TestUser(app, 'bob', { name: 'Bobby' }).get('/trades')
  t.equal(await nameOfBob(alice), 'Bobby')
})

t.test('who comes on another instance is there at once, and has a name in conversations after seconds', async t => {
  const { there, alice, calls } = await aliceAndBob(t)
  await alice.say('carol', 'hello')
  const nameOfCarol = async () => (await alice.get('/conversations/carol')).json<{ otherUser: User }>().otherUser.username
  t.equal(await nameOfCarol(), 'carol')
  t.strictSame(await calls(nameOfCarol), ['GetItem'])
  t.equal((await alice.get('/users/carol')).statusCode, 404)
  await new TestUser(there, 'carol', { name: 'Carol' }).get('/trades')
  t.equal(await nameOfCarol(), 'carol')
  t.equal((await alice.get('/users/carol')).json<User>().username, 'Carol')
  t.equal(await nameOfCarol(), 'Carol')
  await alice.say('dave', 'hello')
  t.match((await alice.get('/conversations/dave')).json(), { otherUser: { username: 'dave' } })
  await new TestUser(there, 'dave', { name: 'Dave' }).get('/trades')
  passTime(t)(3001)
  t.match((await alice.get('/conversations/dave')).json(), { otherUser: { username: 'Dave' } })
})

t.test('when a user was last seen is remembered as it is written', async t => {
  const { app, alice } = await aliceAndBob(t)
  await nameOfBob(alice)
  const at = new Date(Date.now() + 1000)
  await app.services.users.seen('bob', at)
  t.match((await alice.get('/users/bob')).json(), { username: 'Bob', lastSeenAt: at.toISOString() })
})
