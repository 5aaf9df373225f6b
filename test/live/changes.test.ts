import t, { type Test } from 'tap'
import type { ServerFrame } from '../../schemas/events.js'
import type { MissedPage } from '../../schemas/sync.js'
import { acquaint } from '../support/acquaint.js'
import { databaseCalls } from '../support/calls.js'
import { intercept, sdkFault } from '../support/faults.js'
import type { TestSocket } from '../support/helper.js'
import { TestStream, type TestUser } from '../support/helper.js'
import { framesOf, liveApp, unannounced, until } from '../support/live.js'

const cursorOf = async (user: TestUser) => (await user.get('/sync')).json<MissedPage>().cursor
const markRead = async (user: TestUser, other: string, seq: number) => await user.post(`/conversations/${other}/read`, { seq })

/** What came before the catch-up ended that is no message. */
function changesIn (frames: ServerFrame[]) {
  const end = frames.findIndex(({ type }) => type === 'resumed')
  return frames.slice(0, end).filter(frame => frame.type === 'read' || frame.type === 'presence').map(({ type, data }) => ({ type, ...data }))
}

/** Has it look as if all that was read so far was read so many ms ago, and all went that long ago who have gone. */
async function age (app: Awaited<ReturnType<typeof liveApp>>['app'], ms: number) {
  const at = Date.now() - ms
  const { conversation, user } = app.entities.entities
  const { data: heads } = await conversation.scan.go({ pages: 'all' })
  await conversation.put(heads.map(head => ({
    ...head, ...(head.firstReadAt === undefined ? {} : { firstReadAt: at }), ...(head.secondReadAt === undefined ? {} : { secondReadAt: at })
  }))).go()
  const { data: users } = await user.scan.go({ pages: 'all' })
  await user.put(users.map(entry => ({ ...entry, lastSeenAt: new Date(at).toISOString() }))).go()
}

/** The three ways to go on from a cursor: each gives what came, `resumed` included. */
function waysFor (t: Test, { url, open, browser }: Awaited<ReturnType<typeof liveApp>>) {
  return {
    async auth (user: TestUser, since: string) {
      const socket = await browser()
      socket.send({ type: 'auth', data: { token: user.token, since } })
      return socket
    },
    async resume (user: TestUser, since: string) {
      const socket = await open(user.id)
      socket.send({ type: 'resume', data: { since } })
      return socket
    },
    stream: async (user: TestUser, since: string) => await TestStream.open(t, url, { authorization: `Bearer ${user.token}`, 'last-event-id': since })
  }
}

async function leave (live: Awaited<ReturnType<typeof liveApp>>, socket: TestSocket) {
  const { users } = live.app.hub.size
  socket.socket.close()
  await until('it has left', () => live.app.hub.size.users === users - 1)
}

t.test('after a gap a client hears who has read on, and who came or went, before it is live again', async t => {
  const live = await liveApp(t)
  const { app, open, user } = live
  const [alice, bob, cy] = [user('alice'), user('bob'), user('cy')]
  await acquaint(app, 'alice', 'bob', 'cy', 'dan')
  await age(app, 3_600_000)
  const [first, gone] = [await open('alice'), await open('bob')]
  await first.next('presence')
  const since = await cursorOf(alice)
  await leave(live, first)
  await leave(live, gone)
  await bob.say('alice', 'missed')
  await markRead(bob, 'alice', 1)
  await markRead(alice, 'bob', 2)
  await markRead(cy, 'alice', 1)
  await open('cy')
  await until('it is written that bob has gone', () => app.hub.size.users === 1)
  await new Promise(resolve => setTimeout(resolve, 500))
  for (const [way, begin] of Object.entries(waysFor(t, live))) {
    const client = await begin(alice, since)
    t.equal((await client.next('resumed')).data.replayed, 1, way)
    const [bobs, ...others] = changesIn(client.received)
    t.match(bobs, { type: 'presence', userId: 'bob', online: false }, way)
    t.match(others, [
      { type: 'read', userId: 'alice', conversationId: 'alice~bob', seq: 2, unreadCount: 1 },
      { type: 'read', userId: 'bob', conversationId: 'alice~bob', seq: 1 },
      { type: 'presence', userId: 'cy', online: true },
      { type: 'read', userId: 'cy', conversationId: 'alice~cy', seq: 1 }
    ], way)
    t.equal(others.length, 4, way)
    for (const { type, userId, unreadCount } of others as Array<{ type: string, userId: string, unreadCount?: number }>) {
      if (type === 'read' && userId !== 'alice') t.equal(unreadCount, undefined, 'nobody knows what is unread to another one')
    }
    const kinds = client.received.map(({ type }) => type)
    t.ok(kinds.indexOf('newMessage') < kinds.indexOf('presence'), 'after the messages')
  }
})

t.test('what was so before the gap isn\'t told', async t => {
  const live = await liveApp(t)
  const { app, user } = live
  await acquaint(app, 'alice', 'bob')
  await markRead(user('bob'), 'alice', 1)
  await markRead(user('alice'), 'bob', 2)
  await age(app, 60_000)
  const since = await cursorOf(user('alice'))
  const client = await waysFor(t, live).auth(user('alice'), since)
  await client.next('resumed')
  t.same(changesIn(client.received), [])
})

t.test('of strangers nothing is told but what the user has read', async t => {
  const live = await liveApp(t)
  const { open, user } = live
  const since = await cursorOf(user('alice'))
  await user('bob').say('alice', 'hello')
  await user('bob').say('alice', 'are you there?')
  await user('alice').say('cy', 'hello')
  await markRead(user('cy'), 'alice', 1)
  await markRead(user('alice'), 'bob', 1)
  for (const id of ['bob', 'cy']) await open(id)
  const client = await waysFor(t, live).auth(user('alice'), since)
  await client.next('resumed')
  t.same(changesIn(client.received), [{ type: 'read', userId: 'alice', conversationId: 'alice~bob', seq: 1, unreadCount: 1 }])
})

t.test('a resume from what the connection was sent anyway reads nothing', async t => {
  const live = await liveApp(t)
  const { app, open, user } = live
  unannounced(app)
  await acquaint(app, 'alice', 'bob')
  const socket = await open('alice')
  await user('bob').say('alice', 'hello')
  const { cursor } = await socket.next('newMessage')
  await markRead(user('bob'), 'alice', 1)
  await socket.next('read')
  const calls = databaseCalls(t, app)
  t.strictSame(await calls(async () => {
    socket.send({ type: 'resume', data: { since: cursor } })
    await socket.next('resumed')
  }), [])
  t.equal(framesOf(socket, 'read').length, 1)
})

t.test('where the changes can\'t be read the client is told, and hears of them when it tries again', async t => {
  const live = await liveApp(t)
  const { app, open, user } = live
  await acquaint(app, 'alice', 'bob')
  const since = app.services.cursors.issue('alice', { at: Date.now() - 3_600_000, seen: {} })
  await markRead(user('bob'), 'alice', 1)
  await age(app, 60_000)
  const socket = await open('alice')
  // Messages are read first, and heads for them; then the heads of all.
  let batches = 0
  const fault = intercept(t, app, 'BatchGetItem', async attempt => {
    if (++batches > 1) throw sdkFault('InternalServerError', 500)
    return await attempt()
  })
  socket.send({ type: 'resume', id: 'r', data: { since } })
  t.match(await socket.next('error'), { id: 'r', data: { code: 'database_unavailable', retryable: true } })
  t.same(framesOf(socket, 'read'), [])
  fault.remove()
  // An event that comes meanwhile claims none of it.
  await user('bob').say('alice', 'live')
  const { cursor } = await socket.next('newMessage')
  const elsewhere = await open('alice')
  for (const [client, from] of [[socket, since], [elsewhere, cursor]] as const) {
    client.send({ type: 'resume', data: { since: from } })
    await client.next('resumed')
    t.match(framesOf(client, 'read'), [{ data: { userId: 'bob', seq: 1 } }])
  }
})

t.test('a client that listens the whole time hears of each once', async t => {
  const live = await liveApp(t)
  const { app, user } = live
  await acquaint(app, 'alice', 'bob')
  await age(app, 3_600_000)
  const client = await waysFor(t, live).auth(user('alice'), await cursorOf(user('alice')))
  await client.next('resumed')
  await markRead(user('bob'), 'alice', 1)
  t.same((await client.next('read')).data, { userId: 'bob', conversationId: 'alice~bob', seq: 1 })
  await markRead(user('alice'), 'bob', 2)
  t.same((await client.next('read')).data, { userId: 'alice', conversationId: 'alice~bob', seq: 2, unreadCount: 0 })
  await client.settle()
  t.equal(framesOf(client, 'read').length, 2)
})

t.test('what is unread is told to the user\'s own devices only', async t => {
  const { app, open, user } = await liveApp(t)
  await acquaint(app, 'alice', 'bob')
  for (const text of ['3', '4', '5']) await user('bob').say('alice', text)
  const [phone, other] = [await open('alice'), await open('bob')]
  phone.send({ type: 'read', data: { userId: 'bob', seq: 3 } })
  t.same((await phone.next('read')).data, { userId: 'alice', conversationId: 'alice~bob', seq: 3, unreadCount: 2 })
  t.same((await other.next('read')).data, { userId: 'alice', conversationId: 'alice~bob', seq: 3 })
})
