import { once } from 'node:events'
import type { WebSocket } from 'ws'
import t, { type Test } from 'tap'
import type { ServerEvent } from '../../schemas/events.js'
import type { HubLimits } from '../../src/hub/limits.js'
import { TestSocket } from '../support/helper.js'
import { framesOf, liveApp, sleep, until, upgrade } from '../support/live.js'

t.test('a user has ten connections and not one more, whichever way the eleventh authenticates', async t => {
  const { app, url, browser, devices, open, user } = await liveApp(t)
  const sockets = await devices('alice', 10)
  const eleventh = new TestSocket(url, { authorization: `Bearer ${user('alice').token}` })
  t.same(await eleventh.closed, { code: 4502, reason: 'too_many_connections' })
  t.same(eleventh.received, [])
  const twelfth = await browser()
  twelfth.send({ type: 'auth', id: 'a', data: { token: user('alice').token } })
  t.match(await twelfth.closed, { code: 4502 })
  t.same(twelfth.received, [])
  await open('bob')
  await user('bob').say('alice', 'hello')
  for (const socket of sockets) await socket.next('newMessage')
  t.same(app.hub.size, { connections: 11, users: 2 })
  sockets[0]?.socket.close()
  await until('one has left', () => app.hub.size.connections === 10)
  await open('alice')
})

t.test('a full instance refuses before the upgrade, until there is room again', async t => {
  const { app, url, open, user } = await liveApp(t, { hubLimits: { connections: 2 } })
  const [alice] = [await open('alice'), await open('bob')]
  for (const headers of [{ authorization: `Bearer ${user('carol').token}` }, {}]) {
    const { status, headers: answered, body } = await upgrade(url, headers as Record<string, string>)
    t.equal(status, 503)
    t.ok(Number(answered['retry-after']) > 0)
    t.match(JSON.parse(body), { code: 'connection_limit' })
  }
  alice.socket.terminate()
  await until('there is room', () => app.hub.hasRoom)
  await open('carol')
})

t.test('a storm of upgrades doesn\'t get past the limit of the instance', async t => {
  const { app, url, user } = await liveApp(t, { hubLimits: { connections: 5 } })
  let most = 0
  const { add } = app.hub
  app.hub.add = function (connection) {
    add.call(this, connection)
    most = Math.max(most, this.size.connections)
  }
  const { users } = app.services
  const { touch } = users
  let waiting = 0
  let admit = () => {}
  const admitted = new Promise<void>(resolve => { admit = resolve })
  users.touch = async identity => {
    if (++waiting === 20) admit()
    await admitted
    await touch(identity)
  }
  const statuses = (await Promise.all(Array.from({ length: 20 }, async (_, n) => await upgrade(
    url, { authorization: `Bearer ${user(`user-${n}`).token}` }, undefined, socket => { t.teardown(() => socket.destroy()) }
  )))).map(({ status }) => status)
  t.equal(most, 5)
  t.equal(statuses.filter(status => status === 101).length, 5)
  t.equal(statuses.filter(status => status === 503).length, 15)
})

t.test('a flood is refused with the ids of its frames, then the connection is closed', async t => {
  const { open } = await liveApp(t, { hubLimits: { frameBurst: 5, framesPerSecond: 0, refusedFrames: 3 } })
  const [alice, bob] = [await open('alice'), await open('bob')]
  for (let n = 1; n <= 5; n++) alice.send({ type: 'pong', id: `${n}` })
  while ((await alice.next('ack')).id !== '5');
  for (let n = 6; n <= 20; n++) alice.send({ type: 'pong', id: `${n}` })
  t.same(await alice.closed, { code: 4504, reason: 'flooding' })
  t.same(framesOf(alice, 'ack').map(({ id }) => id), ['1', '2', '3', '4', '5'])
  t.same(framesOf(alice, 'error').map(({ id, data }) => [id, data.code, data.retryable]),
    ['6', '7', '8'].map(id => [id, 'rate_limited', true]))
  await bob.settle()
})

t.test('who slows down is heard again', async t => {
  const { open } = await liveApp(t, { hubLimits: { frameBurst: 2, framesPerSecond: 50, refusedFrames: 10 } })
  const alice = await open('alice')
  for (let round = 0; round < 4; round++) {
    for (let n = 0; n < 8; n++) alice.send({ type: 'pong', id: `${n}` })
    await alice.next('error')
    await sleep(100)
    await alice.settle()
    await sleep(100)
  }
})

const floods = {
  frames: (socket: TestSocket) => socket.send({ type: 'pong' }),
  'malformed frames': (socket: TestSocket) => socket.socket.send('{'),
  'protocol pings': (socket: TestSocket) => socket.socket.ping(),
  'protocol pongs': (socket: TestSocket) => socket.socket.pong()
}

for (const [what, send] of Object.entries(floods)) {
  t.test(`a lasting flood of ${what} is closed though some get through`, async t => {
    const { open } = await liveApp(t, { hubLimits: { frameBurst: 5, framesPerSecond: 50, refusedFrames: 40 } })
    const alice = await open('alice')
    const flood = setInterval(() => { for (let n = 0; n < 2; n++) send(alice) }, 5)
    t.teardown(() => clearInterval(flood))
    t.match(await alice.closed, { code: 4504 })
    clearInterval(flood)
  })
}

t.test('frames that wait for a slow answer are limited', async t => {
  const { app, open } = await liveApp(t, { hubLimits: { frameBurst: 3, framesPerSecond: 1000 } })
  let answer = () => {}
  const answered = new Promise<void>(resolve => { answer = resolve })
  app.services.readPositions.markRead = async () => { await answered; return {} as never }
  const alice = await open('alice')
  for (let n = 1; n <= 5; n++) {
    alice.send({ type: 'read', id: `${n}`, data: { userId: 'bob', seq: 1 } })
    await sleep(10)
  }
  for (const id of ['4', '5']) t.match(await alice.next('error'), { id, data: { code: 'rate_limited' } })
  answer()
  for (const id of ['1', '2', '3']) t.match(await alice.next('ack'), { id })
  await sleep(10)
  await alice.settle()
})

const text = '€'.repeat(4000)

/** A device of bob that reads nothing and one that does, and the server's end of the first. */
async function slowConsumer (t: Test, hubLimits: Partial<HubLimits>) {
  const { app, url, user } = await liveApp(t, { hubLimits })
  const bob = user('bob')
  const healthy = await TestSocket.open(t, url, bob)
  const known = new Set(app.websocketServer.clients)
  const slow = await TestSocket.open(t, url, bob)
  const [end] = [...app.websocketServer.clients].filter(client => !known.has(client)) as [WebSocket]
  slow.socket.pause()
  let seq = 0
  const message = (): ServerEvent => ({
    type: 'newMessage',
    data: {
      messageId: '0f8c1e6a-5b1d-4a57-9d57-6f4f2f0b8f5e',
      conversationId: 'alice~bob',
      seq: ++seq,
      senderId: 'alice',
      receiverId: 'bob',
      messageType: 'text',
      text,
      timestamp: new Date().toISOString()
    }
  })
  /** Publishes messages, each of which the healthy device reads, until something holds; 12 KB each. */
  const publishUntil = async (what: string, holds: () => boolean) => {
    for (let n = 0; !holds(); n++) {
      if (n > 5000) throw new Error(`It never came about that ${what}`)
      app.hub.publish(['bob'], message())
      await healthy.next('newMessage')
    }
  }
  return { app, healthy, slow, end, message, publishUntil, sent: () => seq }
}

t.test('of a slow consumer typing and presence are dropped first, and everything durable comes', async t => {
  const { app, healthy, slow, end, message, publishUntil, sent } = await slowConsumer(t, { softQueue: 100_000, hardQueue: 10_000_000 })
  await publishUntil('frames wait', () => end.bufferedAmount > 100_000)
  const waiting = end.bufferedAmount
  app.hub.publish(['bob'], { type: 'typing', data: { userId: 'alice' } })
  app.hub.publish(['bob'], { type: 'stopTyping', data: { userId: 'alice' } })
  app.hub.publish(['bob'], { type: 'presence', data: { userId: 'alice', online: true, lastSeenAt: new Date().toISOString() } })
  t.equal(end.bufferedAmount, waiting)
  for (const type of ['typing', 'stopTyping', 'presence'] as const) await healthy.next(type)
  const next = message()
  app.hub.publish(['bob'], next)
  const bytes = Buffer.byteLength(JSON.stringify(await healthy.next('newMessage')))
  t.equal(end.bufferedAmount, waiting + bytes + 4, 'bytes are counted, not characters')
  slow.socket.resume()
  await slow.settle()
  t.same(framesOf(slow, 'newMessage').map(({ data }) => data.seq), Array.from({ length: sent() }, (_, n) => n + 1))
  t.same(slow.received.filter(({ type }) => /yping|presence/.test(type)), [])
  app.hub.publish(['bob'], { type: 'typing', data: { userId: 'alice' } })
  await slow.next('typing')
})

t.test('a consumer that stays slow is closed with a code that says reconnect; memory is bounded', async t => {
  const { app, healthy, slow, end, message, publishUntil } = await slowConsumer(t, { softQueue: 100_000, hardQueue: 500_000 })
  let most = 0
  await publishUntil('it is closed', () => {
    most = Math.max(most, end.bufferedAmount)
    return end.readyState !== end.OPEN
  })
  t.ok(most > 500_000)
  const frame = Buffer.byteLength(JSON.stringify(healthy.received.at(-1))) + 10
  t.ok(most <= 500_000 + frame + 100, `${most} bytes waited`)
  for (let n = 0; n < 50; n++) app.hub.publish(['bob'], message())
  t.ok(end.bufferedAmount <= most + 100, 'nothing is added after the close')
  slow.socket.resume()
  t.same(await slow.closed, { code: 4003, reason: 'slow_consumer' })
  await healthy.settle()
  await until('it is forgotten', () => app.hub.size.connections === 1)
})

t.test('a consumer that reads nothing at all is cut', async t => {
  const { app, end, healthy, publishUntil } = await slowConsumer(t, { softQueue: 100_000, hardQueue: 500_000 })
  await publishUntil('it is closed', () => end.readyState !== end.OPEN)
  await once(end, 'close')
  t.same(app.hub.size, { connections: 1, users: 1 })
  t.equal(app.websocketServer.clients.size, 1)
  await healthy.settle()
})
