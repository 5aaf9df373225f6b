import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import t, { type Test } from 'tap'
import type { ServerFrame } from '../../schemas/events.js'
import type { MissedPage } from '../../schemas/sync.js'
import { acquaint } from '../support/acquaint.js'
import { intercept, sdkFault } from '../support/faults.js'
import { TestSocket, TestStream, type TestUser } from '../support/helper.js'
import { open as openOffer, patiently, respond } from '../support/trades.js'
import { lastCursor, messageOf, messagesOf, seqsOf, upTo } from '../support/follower.js'
import { liveApp, rawSocket, tokenUntil, until } from '../support/live.js'

const bearer = (user: TestUser) => ({ authorization: `Bearer ${user.token}` })
const cursorOf = async (user: TestUser) => (await patiently(() => user.get('/sync'))).json<MissedPage>().cursor

async function streams (t: Test, options: Parameters<typeof liveApp>[1] = {}) {
  const live = await liveApp(t, options)
  return {
    ...live,
    stream: async (id: string, lastEventId?: string) => await TestStream.open(t, live.url, {
      ...bearer(live.user(id)), ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId })
    }),
    refusal: async (headers: Record<string, string>, method = 'GET') => {
      const response = await fetch(`${live.url}/api/events`, { headers, method })
      return { status: response.status, retryAfter: response.headers.get('retry-after'), body: method === 'HEAD' ? {} : await response.json() as object }
    }
  }
}

/** A stream of which nothing is read after its beginning. */
async function unread (t: Test, url: string, user: TestUser) {
  const { socket } = await rawSocket(t, url)
  socket.write(`GET /api/events HTTP/1.1\r\nhost: test\r\nauthorization: Bearer ${user.token}\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
}

/** A stream that can be cut at any moment, and what came until then. */
async function cuttable (url: string, headers: Record<string, string>) {
  const frames: ServerFrame[] = []
  const sent = request(`${url}/api/events`, { headers, agent: false }).end()
  sent.on('error', () => {})
  const [response] = await once(sent, 'response')
  let text = ''
  response.setEncoding('utf8').on('error', () => {}).on('data', (chunk: string) => {
    const events = (text + chunk).split('\n\n')
    text = events.pop()!
    for (const event of events) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1]
      const data = field('data')
      if (data !== undefined) frames.push({ type: field('event'), cursor: field('id'), data: JSON.parse(data) } as ServerFrame)
    }
  })
  return { frames, cut: () => { sent.destroy() } }
}

t.test('a stream tells what happens, and with Last-Event-ID first what was missed', async t => {
  const { app, open, stream, user } = await streams(t)
  await acquaint(app, 'ann', 'carol')
  const [ann, bob] = [user('ann'), user('bob')]
  const first = await stream('ann')
  t.match(first.received[0], { type: 'connected', cursor: String, data: { userId: 'ann', heartbeatSeconds: 25, cursor: String } })
  const sent = [(await bob.say('ann', 'one')).json()]
  const one = await first.next('newMessage')
  t.same(one.data, sent[0])
  const socket = await open('carol')
  socket.send({ type: 'typing', data: { userId: 'ann' } })
  t.same(await first.next('typing'), { type: 'typing', cursor: undefined, data: { userId: 'carol' } }, 'no id: it can\'t be resumed from')

  const offer = await openOffer(bob, ann)
  await respond(ann, offer, { response: 'accept', revision: 1 })
  await bob.say('ann', 'four')
  const second = await stream('ann', one.cursor)
  t.equal((second.received[0] as { cursor?: string }).cursor, one.cursor, 'whoever is cut here begins again')
  const resumed = await second.next('resumed') as ServerFrame & { cursor: string, data: { replayed: number, cursor: string } }
  t.equal(resumed.data.replayed, 3)
  t.equal(resumed.cursor, resumed.data.cursor)
  t.same(seqsOf(second.received), { 'ann~bob': [2, 3, 4] })
  t.match(second.received.find(({ type }) => type === 'tradeResponse'), { data: { offer: { status: 'accepted' }, message: { seq: 3 } } })
  await bob.say('ann', 'five')
  t.match(await second.next('newMessage'), { data: { seq: 5 } })
  const third = await stream('ann', resumed.cursor)
  t.equal((await third.next('resumed')).data.replayed, 1)
})

t.test('the id of any event goes on right after it', async t => {
  const { stream, user } = await streams(t)
  const since = await cursorOf(user('ann'))
  for (let n = 0; n < 6; n++) await user(n % 2 === 0 ? 'bob' : 'cy').say('ann', String(n))
  const first = await stream('ann', since)
  await first.next('resumed')
  const events = first.received.filter(frame => messageOf(frame) !== undefined)
  for (const [n, event] of events.entries()) {
    const again = await stream('ann', (event as { cursor: string }).cursor)
    t.equal((await again.next('resumed')).data.replayed, 5 - n)
    t.same(messagesOf(again.received), messagesOf(events.slice(n + 1)))
  }
})

t.test('over many cuts at any moment under load, going on from the last id leaves no gap', async t => {
  const { app, url, user } = await streams(t)
  const load = { over: false }
  const sent: Record<string, number> = {}
  const write = async (id: string) => {
    while (!load.over) {
      const { conversationId, seq } = (await patiently(() => user(id).say('ann', 'x'))).json()
      sent[conversationId] = seq
    }
  }
  let cursor = await cursorOf(user('ann'))
  const writing = Promise.all([write('bob'), write('cy')])
  const got: Record<string, number[]> = { 'ann~bob': [], 'ann~cy': [] }
  const follow = async (wanted: (frames: ServerFrame[]) => boolean) => {
    const { frames, cut } = await cuttable(url, { ...bearer(user('ann')), 'last-event-id': cursor })
    await until('enough came', () => wanted(frames))
    cut()
    for (const [id, seqs] of Object.entries(seqsOf(frames))) got[id]!.push(...seqs)
    cursor = lastCursor(frames) ?? cursor
    frames.length = 0
  }
  for (let cuts = 0; cuts < 40; cuts++) {
    const wanted = Math.floor(Math.random() * 30)
    await follow(frames => frames.length >= wanted)
  }
  load.over = true
  await writing
  await follow(frames => frames.some(({ type }) => type === 'resumed'))
  for (const [id, last] of Object.entries(sent)) t.same(got[id], upTo(last), `${id}: each once and in order`)
  await until('all are gone', () => app.hub.size.connections === 0)
})

t.test('a stream ends by itself, and goes on without loss', async t => {
  const { app, stream, user } = await streams(t, { env: { SSE_MAX_SECONDS: '5' }, hubLimits: { tick: 50 } })
  const first = await stream('ann')
  let sent = 0
  const state = { ended: false }
  first.closed.then(() => { state.ended = true }, () => {})
  while (!state.ended) {
    await patiently(() => user('bob').say('ann', 'x'))
    sent++
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  t.equal(first.failed, undefined, 'the response is complete')
  await user('bob').say('ann', 'x')
  const second = await stream('ann', lastCursor(first.received))
  await second.next('resumed')
  t.same([...seqsOf(first.received)['ann~bob']!, ...seqsOf(second.received)['ann~bob']!], upTo(sent + 1))
  t.equal(app.hub.size.connections, 1)
})

t.test('the stream is plain text: retry first, then events, and comments as a heartbeat', async t => {
  const { url, user } = await streams(t, { hubLimits: { tick: 10, heartbeat: 50 } })
  const { socket, text } = await rawSocket(t, url)
  socket.write(`GET /api/events HTTP/1.1\r\nhost: test\r\nauthorization: Bearer ${user('ann').token}\r\n\r\n`)
  await until('it beats', () => (text().match(/\n: heartbeat\n\n/g) ?? []).length >= 3)
  t.match(text(), /content-type: text\/event-stream/)
  t.match(text(), /cache-control: no-cache, no-transform/)
  t.match(text(), /\r\nretry: 1000\n\n/)
  t.match(text(), /\nevent: connected\nid: [\w.-]+\ndata: \{.*\}\n\n/)
})

t.test('an expired token ends the stream', async t => {
  const { app, url } = await streams(t, { hubLimits: { tick: 20 } })
  const at = Math.ceil(Date.now() / 1000 + 1) * 1000
  const stream = await TestStream.open(t, url, { authorization: `Bearer ${tokenUntil('ann', at)}` })
  await stream.closed
  t.ok(Date.now() >= at)
  await until('it is forgotten', () => app.hub.size.connections === 0)
})

t.test('streams and WebSockets count together, and whoever leaves makes room', async t => {
  const { app, open, refusal, stream, url, user } = await streams(t, { hubLimits: { connectionsPerUser: 3 } })
  const headers = bearer(user('ann'))
  const socket = await open('ann')
  const gone = await cuttable(url, headers)
  await stream('ann')
  t.match(await refusal(headers), { status: 429, body: { code: 'too_many_connections' } })
  t.match(await new TestSocket(url, headers).closed, { code: 4502 })
  await until('the refused are forgotten', () => app.hub.size.connections === 3)
  gone.cut()
  await until('there is room', () => app.hub.size.connections === 2)
  await stream('ann')
  socket.socket.terminate()
  await until('there is room', () => app.hub.size.connections === 2)
  await stream('ann')
})

t.test('what can\'t be a stream is refused', async t => {
  const { app, refusal, stream, user } = await streams(t, { hubLimits: { connections: 1 } })
  const headers = bearer(user('ann'))
  t.match(await refusal({}), { status: 401, body: { code: 'token_missing' } })
  t.match(await refusal({ authorization: 'Bearer x' }), { status: 401 })
  t.match(await refusal({ ...headers, 'last-event-id': 'x' }), { status: 400, body: { code: 'invalid_cursor' } })
  t.match(await refusal({ ...headers, 'last-event-id': await cursorOf(user('bob')) }), { status: 400, body: { code: 'invalid_cursor' } })
  t.match(await refusal(headers, 'HEAD'), { status: 405 })
  const fault = intercept(t, app, 'Query', async () => { throw sdkFault('InternalServerError', 500) })
  const unsure = t.intercept(app.clock, 'isUnsure', { value: true })
  t.match(await refusal(headers), { status: 503, body: { code: 'database_unavailable' } })
  fault.remove()
  unsure.restore()
  await until('nothing is left of it', () => app.hub.size.connections === 0)
  await stream('bob')
  const full = await refusal(headers)
  t.match(full, { status: 503, body: { code: 'connection_limit' } })
  t.ok(Number(full.retryAfter) > 0)
  app.hub.close('server_shutdown')
  t.match(await refusal(headers), { status: 503, body: { code: 'shutting_down' } })
})

t.test('a database that fails in the middle of a catch-up ends the stream, and nothing is lost', async t => {
  const { app, url, stream, user } = await streams(t)
  const since = await cursorOf(user('ann'))
  await Promise.all(upTo(120).map(() => patiently(() => user('bob').say('ann', 'x'))))
  // Once the first page was sent.
  const fault = intercept(t, app, 'Query', async attempt => {
    if (app.hub.tally.replayed >= 50) throw sdkFault('InternalServerError', 500)
    return await attempt()
  })
  const first = await TestStream.open(t, url, { ...bearer(user('ann')), 'last-event-id': since })
  await first.closed
  fault.remove()
  const second = await stream('ann', lastCursor(first.received))
  await second.next('resumed')
  const before = seqsOf(first.received)['ann~bob']!
  t.ok(before.length > 0 && before.length < 120, `${before.length} came before`)
  t.same([...before, ...seqsOf(second.received)['ann~bob']!], upTo(120))
})

t.test('a reader that reads nothing is cut, and little waits for it', async t => {
  const { app, url, user } = await streams(t, { hubLimits: { softQueue: 100_000, hardQueue: 500_000 } })
  await unread(t, url, user('ann'))
  await until('it is connected', () => app.hub.size.users === 1)
  const { json } = await user('bob').say('ann', '☀'.repeat(4000))
  const message = json()
  let seq = 1
  await until('it is cut', () => {
    for (let n = 0; n < 20; n++) app.hub.publish(['ann'], { type: 'newMessage', data: { ...message, seq: ++seq } })
    return app.hub.size.connections === 0
  })
  t.ok(seq < 2000, `${seq} messages were taken`)
})

t.test('closing with open streams is prompt, also with one that reads nothing', async t => {
  const { app, url, stream, user } = await streams(t, { hubLimits: { hardQueue: 100_000_000 } })
  const open = [await stream('ann'), await stream('bob')]
  await unread(t, url, user('cy'))
  await until('it is connected', () => app.hub.size.users === 3)
  const message = (await user('bob').say('cy', '☀'.repeat(4000))).json()
  // More than what the system's own buffers take.
  for (let seq = 2; seq < 1000; seq++) {
    app.hub.publish(['cy'], { type: 'newMessage', data: { ...message, seq } })
    await new Promise(resolve => setImmediate(resolve))
  }
  await app.close()
  for (const { closed } of open) await closed
  t.same(app.hub.size, { connections: 0, users: 0 })
})

t.test('a client that keeps its connections loses no request to a stream that ends', async t => {
  const { url, user } = await streams(t, { env: { SSE_MAX_SECONDS: '5' }, hubLimits: { tick: 20 } })
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => agent.destroy())
  const headers = bearer(user('ann'))
  const ask = async (path: string) => await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}${path}`, { agent, headers }, resolve).on('error', reject).end()
  })
  const stream = await ask('/api/events')
  t.equal(stream.headers.connection, 'close')
  stream.resume()
  // It waits for the only connection, and takes it if that is offered again.
  const next = ask('/api/messages/users')
  await once(stream, 'end')
  t.ok(stream.complete, 'the response ends as it should')
  t.equal((await next).statusCode, 200)
  t.not((await next).socket, stream.socket)
})

t.test('a client that reads no more when the stream ends doesn\'t keep the connection', async t => {
  const { app, url, user } = await streams(t, { hubLimits: { hardQueue: 100_000_000 } })
  await unread(t, url, user('ann'))
  await until('it is connected', () => app.hub.size.users === 1)
  const message = (await user('bob').say('ann', '☀'.repeat(4000))).json()
  // More than what the system's own buffers take.
  for (let seq = 2; seq < 1000; seq++) app.hub.publish(['ann'], { type: 'newMessage', data: { ...message, seq } })
  for (const outlet of app.hub.outlets) outlet.close('token_expired')
  let left = 1
  await until('the connection is gone', () => {
    app.server.getConnections((_error, count) => { left = count })
    return left === 0
  }, 30_000)
  t.equal(app.hub.size.connections, 0)
})
