import t from 'tap'
import { TestSocket } from '../support/helper.js'
import { framesOf, liveApp, sleep, until } from '../support/live.js'

t.test('those who share a conversation learn when a user comes and goes; strangers don\'t', async t => {
  const { url, open, user } = await liveApp(t)
  const bob = user('bob')
  await user('alice').say('bob', 'hello')
  await bob.say('zoe', 'hello')
  const [alice, zoe, carol] = [await open('alice'), await open('zoe'), await open('carol')]
  const first = await TestSocket.open(t, url, bob)
  for (const socket of [alice, zoe]) t.match(await socket.next('presence'), { data: { userId: 'bob', online: true } })
  const second = await TestSocket.open(t, url, bob)
  first.socket.close()
  await first.closed
  second.socket.terminate()
  for (const socket of [alice, zoe]) {
    t.match(await socket.next('presence'), { data: { userId: 'bob', online: false } }, 'only the last device counts')
  }
  await carol.settle()
  t.same(framesOf(carol, 'presence'), [])
  t.equal(framesOf(alice, 'presence').length, 2)
})

t.test('when a user was last seen is kept', async t => {
  const { url, open, user } = await liveApp(t)
  await user('alice').say('bob', 'hello')
  const alice = await open('alice')
  const bob = await TestSocket.open(t, url, user('bob'))
  await alice.next('presence')
  await sleep(20)
  const before = Date.now()
  bob.socket.close()
  const { data: { lastSeenAt } } = await alice.next('presence')
  t.ok(Date.parse(lastSeenAt) >= before)
  const { users } = (await user('alice').get('/users')).json()
  t.match(users, [{ userId: 'bob', online: false, lastSeenAt }])
})

t.test('users and conversations say who is online', async t => {
  const { app, open, user } = await liveApp(t)
  await user('alice').say('bob', 'hello')
  await user('bob').get('/conversations')
  const isOnline = async () => {
    const { users } = (await user('alice').get('/users')).json()
    const { conversations: [{ otherUser }] } = (await user('alice').get('/conversations')).json()
    return [users.find(({ userId }: { userId: string }) => userId === 'bob')?.online, otherUser.online]
  }
  t.same(await isOnline(), [false, false])
  const bob = await open('bob')
  t.same(await isOnline(), [true, true])
  bob.socket.terminate()
  await until('bob has left', () => !app.hub.isOnline('bob'))
  t.same(await isOnline(), [false, false])
})

t.test('who isn\'t authenticated isn\'t online', async t => {
  const { app, open, browser, user } = await liveApp(t)
  await user('alice').say('bob', 'hello')
  const alice = await open('alice')
  const bob = await browser()
  bob.socket.close()
  await bob.closed
  const refused = await browser()
  refused.send({ type: 'auth', data: { token: 'nonsense' } })
  await refused.closed
  await until('they are gone', () => app.hub.size.connections === 1)
  await alice.settle()
  t.same(framesOf(alice, 'presence'), [])
})

t.test('presence that can\'t be told is logged and the next one is told', async t => {
  const { app, url, open, user } = await liveApp(t)
  await user('alice').say('bob', 'hello')
  const alice = await open('alice')
  const { conversations } = app.services
  const { partners } = conversations
  let asked = 0
  conversations.partners = async () => { asked++; throw new Error('away') }
  const bob = await TestSocket.open(t, url, user('bob'))
  await until('it has failed', () => asked === 1)
  await bob.settle()
  conversations.partners = partners
  bob.socket.close()
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: false } })
})

t.test('a user who comes and goes quickly ends as what the user is', async t => {
  const { app, url, open, user } = await liveApp(t)
  await user('alice').say('bob', 'hello')
  const alice = await open('alice')
  for (let n = 0; n < 10; n++) {
    const bob = await TestSocket.open(t, url, user('bob'))
    bob.socket.terminate()
    await until('bob has left', () => !app.hub.isOnline('bob'))
  }
  await until('offline is told', () => framesOf(alice, 'presence').at(-1)?.data.online === false)
  const bob = await TestSocket.open(t, url, user('bob'))
  await until('online is told', () => framesOf(alice, 'presence').at(-1)?.data.online === true)
  await bob.settle()
})

t.test('what has changed while it was being told is not told', async t => {
  const { app, open, user } = await liveApp(t)
  await user('alice').say('bob', 'hello')
  const alice = await open('alice')
  await alice.settle()
  const asked: Array<() => void> = []
  const { conversations } = app.services
  const { partners } = conversations
  t.teardown(() => { conversations.partners = partners })
  conversations.partners = async () => await new Promise(resolve => asked.push(() => resolve(['alice'])))
  const bob = await open('bob')
  bob.socket.terminate()
  await until('both changes are being told', () => asked.length === 2)
  const [online, offline] = asked
  offline?.()
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: false } })
  online?.()
  await sleep(20)
  await alice.settle()
  t.equal(framesOf(alice, 'presence').length, 1)
})
