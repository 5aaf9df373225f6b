import { once } from 'node:events'
import type { WebSocket } from 'ws'
import t from 'tap'
import { acquaint } from '../../support/acquaint.js'
import { TestSocket, TestStream } from '../../support/helper.js'
import { lastCursor } from '../../support/follower.js'
import { liveApp, rawSocket, sleep, tokenUntil, until, upgradeRequest } from '../../support/live.js'
import { metricOf, scrape } from './scrape.js'

t.test('live connections are counted while they last, and why they ended', async t => {
  const { app, url, browser, devices, user } = await liveApp(t, { hubLimits: { tick: 20, authentication: 1000 } })
  const [first, second] = await devices('alice', 2) as [TestSocket, TestSocket]
  const stream = await TestStream.open(t, url, { authorization: `Bearer ${user('bob').token}` })
  let { value } = await scrape(app)
  t.equal(value('equilux_live_connections', { transport: 'websocket' }), 2)
  t.equal(value('equilux_live_connections', { transport: 'sse' }), 1)
  t.equal(value('equilux_users_online'), 2)

  const silent = await browser()
  t.match(await silent.closed, { code: 4501 })
  first.socket.send(Buffer.from('binary'))
  t.match(await first.closed, { code: 4503 })
  second.socket.close()
  await second.closed
  const large = await TestSocket.open(t, url, user('carol'))
  large.socket.send('x'.repeat(17 * 1024))
  t.match(await large.closed, { code: 1009 })
  const brief = new TestSocket(url, { authorization: `Bearer ${tokenUntil('dave', Date.now() + 500)}` })
  t.match(await brief.closed, { code: 4001 })
  const bare = await rawSocket(t, url)
  bare.socket.write(upgradeRequest())
  await until('it is upgraded', () => bare.text().includes('101'))
  // A frame whose reserved bits are set.
  bare.socket.write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0]))
  await until('all but the stream have left', () => app.hub.size.connections === 1)

  value = (await scrape(app)).value
  t.equal(value('equilux_live_connections', { transport: 'websocket' }), 0)
  t.equal(value('equilux_live_connections', { transport: 'sse' }), 1)
  t.equal(value('equilux_users_online'), 1)
  t.equal(value('equilux_connections_opened_total', { transport: 'websocket' }), 6)
  t.equal(value('equilux_connections_opened_total', { transport: 'sse' }), 1)
  const reasons = ['authentication_timeout', 'protocol_violation', 'client', 'frame_too_large', 'token_expired', 'protocol_error']
  for (const reason of reasons) t.equal(value('equilux_connections_closed_total', { reason }), 1, reason)
  t.equal(value('equilux_connections_closed_total'), reasons.length, 'and nothing else')

  app.hub.close('server_shutdown')
  await stream.closed
  await until('all have left', () => app.hub.size.connections === 0)
  value = (await scrape(app)).value
  t.equal(value('equilux_live_connections'), 0)
  t.equal(value('equilux_connections_closed_total', { reason: 'server_shutdown' }), 1)
})

t.test('a client that takes its time to close has closed all the same', async t => {
  const { app, url, user } = await liveApp(t, { hubLimits: { tick: 5 } })
  const { socket, text } = await rawSocket(t, url, { allowHalfOpen: true })
  socket.write(upgradeRequest({ authorization: `Bearer ${user('alice').token}` }))
  await until('it is connected', () => text().includes('"type":"connected"'))
  const ended = once(socket, 'end')
  // A masked close frame without a code (RFC 6455 section 5.5.1).
  socket.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]))
  await ended
  await sleep(50)
  socket.end()
  await until('it has left', () => app.hub.size.connections === 0)
  t.equal((await scrape(app)).value('equilux_connections_closed_total', { reason: 'client' }), 1)
})

t.test('a stream too many is refused and counted as such', async t => {
  const { app, url, user } = await liveApp(t, { hubLimits: { connectionsPerUser: 1 } })
  const headers = { authorization: `Bearer ${user('bob').token}` }
  await TestStream.open(t, url, headers)
  t.equal((await fetch(`${url}/api/events`, { headers })).status, 429)
  const { value } = await scrape(app)
  t.equal(value('equilux_connections_closed_total', { reason: 'too_many_connections' }), 1)
  t.equal(value('equilux_live_connections', { transport: 'sse' }), 1)
})

t.test('a stream that has lasted its time ends with a reason of its own', async t => {
  const { app, url, user } = await liveApp(t, { env: { SSE_MAX_SECONDS: '5' }, hubLimits: { tick: 50 } })
  const stream = await TestStream.open(t, url, { authorization: `Bearer ${user('bob').token}` })
  await stream.closed
  await until('it has left', () => app.hub.size.connections === 0)
  t.equal((await scrape(app)).value('equilux_connections_closed_total', { reason: 'stream_limit' }), 1)
})

t.test('events are counted for each connection that they reach, and those that catch-ups bring', async t => {
  const { app, url, devices, user } = await liveApp(t)
  await acquaint(app, 'alice', 'bob')
  const [alice, bob] = [user('alice'), user('bob')]
  const [phone, laptop] = await devices('bob', 2) as [TestSocket, TestSocket]
  await alice.say('bob', 'one')
  for (const device of [phone, laptop]) await device.next('newMessage')
  const cursor = lastCursor(phone.received)!
  const typist = await TestSocket.open(t, url, alice)
  typist.send({ type: 'typing', data: { userId: 'bob' } })
  for (const device of [phone, laptop]) await device.next('typing')
  let { value } = await scrape(app)
  t.equal(value('equilux_events_delivered_total', { type: 'newMessage' }), 2)
  t.equal(value('equilux_events_delivered_total', { type: 'typing' }), 2)
  t.equal(value('equilux_messages_replayed_total'), 0)
  t.equal(value('equilux_typing_pairs'), 1)
  t.equal(value('equilux_redis_channels'), 0)
  t.same(['ok', 'away', 'off'].map(state => value('equilux_back_plane_state', { state })), [0, 0, 1])

  for (const device of [phone, laptop]) device.socket.terminate()
  await until('bob has left', () => app.hub.size.users === 1)
  for (const text of ['two', 'three']) await alice.say('bob', text)
  const again = new TestSocket(url, { authorization: `Bearer ${bob.token}`, 'last-event-id': cursor })
  t.teardown(() => again.socket.terminate())
  t.match(await again.next('resumed'), { data: { replayed: 2 } })
  value = (await scrape(app)).value
  t.equal(value('equilux_messages_replayed_total'), 2)
  t.equal(value('equilux_events_delivered_total', { type: 'newMessage' }), 4 + 2, 'two to alice, who listened, two to bob')
  t.equal(value('equilux_catch_ups_in_progress'), 0)
})

t.test('what waits for a slow connection is shown, and what it went without is counted', async t => {
  const { app, url, user } = await liveApp(t, { hubLimits: { softQueue: 100_000, hardQueue: 10_000_000 } })
  await acquaint(app, 'alice', 'bob')
  const slow = await TestSocket.open(t, url, user('bob'))
  const [end] = [...app.websocketServer.clients] as [WebSocket]
  await TestSocket.open(t, url, user('carol'))
  slow.socket.pause()
  // Sent until neither the kernel nor the client takes any more.
  for (let seq = 1; end.bufferedAmount < 150_000; seq++) await user('alice').say('bob', '€'.repeat(4000))
  const typist = await TestSocket.open(t, url, user('alice'))
  typist.send({ type: 'typing', data: { userId: 'bob' } })
  typist.send({ type: 'stopTyping', data: { userId: 'bob' } })
  await typist.settle()
  const { value } = await scrape(app)
  t.equal(value('equilux_events_dropped_total', { type: 'typing' }), 1)
  t.equal(value('equilux_events_dropped_total', { type: 'stopTyping' }), 1)
  t.equal(value('equilux_events_delivered_total', { type: 'typing' }), 0)
  t.equal(value('equilux_unsent_bytes_max'), end.bufferedAmount)
  t.equal(value('equilux_unsent_bytes'), end.bufferedAmount)
  slow.socket.resume()
  await slow.settle()
  t.equal((await scrape(app)).value('equilux_unsent_bytes'), 0)
})

t.test('nothing that users are or say is in a scrape', async t => {
  const { app, url, open, user } = await liveApp(t)
  const [alice, bob] = [user('alice-of-the-hill'), user('bob-of-the-lake')]
  await acquaint(app, alice.id, bob.id)
  const socket = await open(alice.id)
  const stream = await TestStream.open(t, url, { authorization: `Bearer ${bob.token}` })
  await alice.say(bob.id, 'sunny-tomorrow', { 'idempotency-key': 'key-of-hers' })
  await stream.next('newMessage')
  socket.send({ type: 'typing', data: { userId: bob.id } })
  await stream.next('typing')
  await alice.get(`/${bob.id}?pageToken=forged`)
  await app.inject(`/elsewhere/${bob.id}`)
  const text = await app.scrape()
  for (const secret of [alice.id, bob.id, alice.token, 'sunny-tomorrow', 'key-of-hers', 'forged', 'elsewhere', app.config.TABLE_NAME]) {
    t.notOk(text.includes(secret), secret)
  }
  const { types, samples } = await scrape(app)
  const own = samples.filter(({ name }) => metricOf(name, types)!.startsWith('equilux_'))
  t.same([...new Set(own.flatMap(({ labels }) => Object.keys(labels)))].sort(),
    ['action', 'kind', 'le', 'operation', 'outcome', 'reason', 'state', 'transport', 'type'])
})
