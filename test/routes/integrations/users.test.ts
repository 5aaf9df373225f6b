import t, { type Test } from 'tap'
import type { User, UserPage } from '../../../schemas/user.js'
import { acquaint } from '../../support/acquaint.js'
import { intercept } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { refused } from '../../support/problem.js'

async function world (t: Test) {
  const app = await testApp(t)
  const machine = await TestIntegration.make(app, ['messages'])
  return { app, machine, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob'), named: (name: string) => new TestUser(app, 'bob', { name }) }
}

const nameOf = async (alice: TestUser, id = 'bob') => (await alice.get(`/users/${id}`)).json<User>().username
const find = async (alice: TestUser, q: string) => (await alice.get(`/users?q=${encodeURIComponent(q)}`)).json<UserPage>().users.map(({ userId }) => userId)

t.test('a user who has never come is entered under a name, and found by it', async t => {
  const { machine, alice } = await world(t)
  refused(t, await alice.get('/users/bob'), 'user_not_found')
  const response = await machine.put('/users/bob', { name: 'Bob Example', locale: 'de-at' })
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { userId: 'bob', username: 'Bob Example', locale: 'de-AT' })
  t.strictSame((await alice.get('/users/bob')).json(), { userId: 'bob', username: 'Bob Example', online: null, lastSeenAt: null })
  t.same(await find(alice, 'bob e'), ['bob'])
})

t.test('an entry is changed as it is said, and a language left out stays', async t => {
  const { machine, alice } = await world(t)
  t.strictSame((await machine.put('/users/bob', { name: 'Bob' })).json(), { userId: 'bob', username: 'Bob', locale: null })
  t.strictSame((await machine.put('/users/bob', { name: 'Bob', locale: 'fr' })).json(), { userId: 'bob', username: 'Bob', locale: 'fr' })
  t.strictSame((await machine.put('/users/bob', { name: 'Robert' })).json(), { userId: 'bob', username: 'Robert', locale: 'fr' })
  t.strictSame((await machine.put('/users/bob', { name: 'Robert', locale: 'zh-hant-tw' })).json(), { userId: 'bob', username: 'Robert', locale: 'zh-Hant-TW' })
  t.same([await find(alice, 'bob'), await find(alice, 'rob')], [[], ['bob']])
  await machine.put('/users/Bob', { name: 'Another' })
  t.equal(await nameOf(alice), 'Robert', 'ids are case-sensitive')
})

t.test('a token without a name leaves the name as it is', async t => {
  const { app, machine, alice, bob } = await world(t)
  await machine.put('/users/bob', { name: 'Bob Example', locale: 'de' })
  t.equal((await bob.get('/users')).statusCode, 200)
  t.equal(await nameOf(alice), 'Bob Example')
  t.same(await find(alice, 'bob e'), ['bob'])
  await acquaint(app, 'alice', 'bob')
  t.match((await alice.get('/users/bob')).json(), { username: 'Bob Example', lastSeenAt: /^20/ }, 'but it is written that the user came')
  const fresh = new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'alice')
  t.equal(await nameOf(fresh), 'Bob Example', 'other instances see the same')
  t.match((await machine.put('/users/bob', { name: 'Bob' })).json(), { locale: 'de' })
})

t.test('nor does it forget the name of a token before', async t => {
  const { alice, bob, named } = await world(t)
  await named('Bob').get('/users')
  await bob.get('/users')
  t.equal(await nameOf(alice), 'Bob')
})

t.test('the name that a token carries takes the place of the one entered, at the next request', async t => {
  const { machine, alice, named } = await world(t)
  await named('Bob').get('/users')
  await machine.put('/users/bob', { name: 'Bob Example', locale: 'de' })
  t.equal(await nameOf(alice), 'Bob Example')
  await named('Bob').get('/users')
  t.equal(await nameOf(alice), 'Bob')
  t.strictSame((await machine.put('/users/bob', { name: 'Bob Example' })).json(), { userId: 'bob', username: 'Bob Example', locale: 'de' })
})

t.test('of an entry and a first request at once the entered name stays', async t => {
  const { app, machine, alice, bob } = await world(t)
  // The newcomer was looked for and not there when the integration enters it.
  const creation = intercept(t, app, 'PutItem', async attempt => {
    await machine.put('/users/bob', { name: 'Bob Example' })
    return await attempt()
  })
  await bob.get('/users')
  t.equal(creation.count, 1)
  t.equal(await nameOf(alice), 'Bob Example')
})

t.test('who was entered has come when a connection of the user ends', async t => {
  const { app, machine, alice } = await world(t)
  await machine.put('/users/bob', { name: 'Bob' })
  // The two get acquainted although Bob never comes.
  await alice.say('bob', 'hello')
  await machine.post('/conversations/alice~bob/messages', { senderId: 'bob', text: 'hello' })
  t.match((await alice.get('/users/bob')).json(), { online: false, lastSeenAt: null })
  const at = new Date()
  await app.services.users.seen('bob', at)
  await app.services.users.seen('bob', new Date(at.getTime() - 1000))
  const elsewhere = new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'alice')
  for (const user of [alice, elsewhere]) t.equal((await user.get('/users/bob')).json<User>().lastSeenAt, at.toISOString())
  await app.services.users.seen('nobody', at)
  refused(t, await alice.get('/users/nobody'), 'user_not_found', 'who isn\'t there isn\'t made')
})

t.test('what can\'t be entered is refused, with what is wrong', async t => {
  const { machine, alice } = await world(t)
  const bad: Array<[body: object, path: string]> = [
    [{}, ''],
    [{ locale: 'de' }, ''],
    [{ name: '' }, '/name'],
    [{ name: ' Bob' }, '/name'],
    [{ name: 'Bob\n' }, '/name'],
    [{ name: '\u202eboB' }, '/name'],
    [{ name: 'B\u200bob' }, '/name'],
    [{ name: 'x'.repeat(101) }, '/name'],
    [{ name: '\ud800' }, '/name'],
    [{ name: 7 }, '/name'],
    [{ name: null }, '/name'],
    [{ name: 'Bob', locale: 'german!' }, '/locale'],
    [{ name: 'Bob', locale: '' }, '/locale'],
    [{ name: 'Bob', locale: 'd' }, '/locale'],
    [{ name: 'Bob', locale: 'de_AT' }, '/locale'],
    [{ name: 'Bob', locale: `de-${'x'.repeat(40)}` }, '/locale'],
    [{ name: 'Bob', locale: null }, '/locale'],
    [{ name: 'Bob', userId: 'alice' }, '']
  ]
  for (const [body, path] of bad) {
    const { errors } = refused(t, await machine.put('/users/bob', body), 'validation_failed', JSON.stringify(body))
    t.ok(errors?.some(error => error.path === path), JSON.stringify(body), { errors })
  }
  refused(t, await machine.put('/users/a%23b', { name: 'Bob' }), 'validation_failed')
  refused(t, await machine.put(`/users/${'x'.repeat(129)}`, { name: 'Bob' }), 'validation_failed')
  refused(t, await machine.put('/users/trades', { name: 'Bob' }), 'reserved_user_id')
  refused(t, await machine.put('/users/bob', { name: 'x'.repeat(20_000) }), 'body_too_large')
  refused(t, await alice.get('/users/bob'), 'user_not_found', 'nothing was entered')
  for (const name of ['Ω', '🌞 Solar', 'x'.repeat(100), '🌞'.repeat(100), 'a  b']) {
    t.equal((await machine.put('/users/bob', { name })).json().username, name)
  }
})
