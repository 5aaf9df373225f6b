import t, { type Test } from 'tap'
import { acquaint } from '../support/acquaint.js'
import { TestSocket, type TestAppOptions } from '../support/helper.js'
import { framesOf, liveApp, sleep, until } from '../support/live.js'

/** Alice is there, and acquainted with bob. */
async function aliceAwaitsBob (t: Test, options: TestAppOptions = {}) {
  const live = await liveApp(t, options)
  await acquaint(live.app, 'alice', 'bob')
  return { ...live, alice: await live.open('alice') }
}

const toldTo = (socket: TestSocket) => framesOf(socket, 'presence').map(({ data: { userId, online } }) => [userId, online])

t.test('acquaintances learn when a user comes and goes; strangers, and who has got no answer, don\'t', async t => {
  const { app, url, open, user } = await liveApp(t)
  await acquaint(app, 'alice', 'bob')
  await acquaint(app, 'bob', 'zoe')
  await user('bob').say('dave', 'hello')
  await user('erin').say('bob', 'hello')
  const strangers = [await open('carol'), await open('dave'), await open('erin')]
  const [alice, zoe] = [await open('alice'), await open('zoe')]
  const first = await TestSocket.open(t, url, user('bob'))
  for (const socket of [alice, zoe]) t.match(await socket.next('presence'), { data: { userId: 'bob', online: true } })
  const second = await TestSocket.open(t, url, user('bob'))
  first.socket.close()
  await first.closed
  await sleep(100)
  second.socket.terminate()
  for (const socket of [alice, zoe]) {
    t.match(await socket.next('presence'), { data: { userId: 'bob', online: false } })
    t.same(toldTo(socket), [['bob', true], ['bob', false]], 'only the last device counts')
  }
  for (const socket of strangers) {
    await socket.settle()
    t.same(toldTo(socket), [])
  }
})

t.test('all of many partners are told who are there and acquainted', async t => {
  const { app, open, user } = await liveApp(t)
  const ids = Array.from({ length: 230 }, (_, n) => `partner-${n}`)
  for (const id of ids) await user(id).say('bob', 'hello')
  // The oldest come last in the list of partners: in the third batch.
  const acquainted = [...ids.slice(0, 3), ...ids.slice(110, 113), ...ids.slice(-3)]
  for (const id of acquainted) await user('bob').say(id, 'hello')
  const sockets = await Promise.all(acquainted.map(async id => await open(id)))
  const strangers = await Promise.all([ids[3], ids[120]].map(async id => await open(id!)))
  let asked = 0
  const { online } = app.backPlane
  app.backPlane.online = async userIds => {
    asked = Math.max(asked, userIds.length)
    return await online.call(app.backPlane, userIds)
  }
  await open('bob')
  for (const socket of sockets) t.match(await socket.next('presence'), { data: { userId: 'bob', online: true } })
  for (const socket of strangers) {
    await socket.settle()
    t.same(toldTo(socket), [])
  }
  t.ok(asked > 50 && asked <= 100, `${asked} asked for at once`)
})

t.test('when a user was last seen is kept', async t => {
  const { open, user, alice } = await aliceAwaitsBob(t)
  const bob = await open('bob')
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
  const { app, open, user } = await aliceAwaitsBob(t)
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
  const { app, browser, alice } = await aliceAwaitsBob(t)
  const bob = await browser()
  bob.socket.close()
  await bob.closed
  const refused = await browser()
  refused.send({ type: 'auth', data: { token: 'nonsense' } })
  await refused.closed
  await until('they are gone', () => app.hub.size.connections === 1)
  await sleep(100)
  await alice.settle()
  t.same(toldTo(alice), [])
})

t.test('presence that can\'t be told is logged and the next one is told', async t => {
  const { app, open, alice } = await aliceAwaitsBob(t)
  const { conversations } = app.services
  const { partners } = conversations
  let asked = 0
  conversations.partners = async userId => {
    if (userId === 'bob') asked++
    throw new Error('away')
  }
  const bob = await open('bob')
  await until('it has failed', () => asked === 1)
  await bob.settle()
  conversations.partners = partners
  bob.socket.close()
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: false } })
})

t.test('who comes and goes, or goes and comes, for a moment is not announced', async t => {
  const { app, open, alice } = await aliceAwaitsBob(t, { hubLimits: { presenceHold: 1000 } })
  const visit = async () => {
    const bob = await open('bob')
    bob.socket.terminate()
    await until('bob has left', () => !app.hub.isOnline('bob'))
  }
  for (let n = 0; n < 5; n++) await visit()
  await sleep(1300)
  await alice.settle()
  t.same(toldTo(alice), [], 'came and went')

  const stayed = await open('bob')
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: true } })
  stayed.socket.terminate()
  await until('bob has left', () => !app.hub.isOnline('bob'))
  for (let n = 0; n < 3; n++) await visit()
  const back = await open('bob')
  await sleep(1300)
  await alice.settle()
  t.same(toldTo(alice), [['bob', true]], 'went and came')
  const before = Date.now()
  back.socket.terminate()
  const { data } = await alice.next('presence')
  t.match(data, { userId: 'bob', online: false })
  t.ok(Date.now() - before >= 990, 'told after it has held')
  t.ok(Date.parse(data.lastSeenAt) - before < 900, 'seen until the connection ended')
})

t.test('what has changed while it was being told is not told', async t => {
  const { app, open, alice } = await aliceAwaitsBob(t)
  const { conversations } = app.services
  const { partners } = conversations
  t.teardown(() => { conversations.partners = partners })
  const asked: Array<() => void> = []
  conversations.partners = async userId => userId === 'bob'
    ? await new Promise(resolve => asked.push(() => resolve(['alice'])))
    : await partners(userId)
  const bob = await open('bob')
  await until('that he came is being told', () => asked.length === 1)
  bob.socket.terminate()
  await until('both changes are being told', () => asked.length === 2)
  const [online, offline] = asked
  offline?.()
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: false } })
  online?.()
  await sleep(20)
  await alice.settle()
  t.same(toldTo(alice), [['bob', false]])
})
