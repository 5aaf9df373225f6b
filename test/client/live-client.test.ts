import t from 'tap'
import { WebSocket } from 'ws'
import { acquaint } from '../support/acquaint.js'
import { intercept, sdkFault } from '../support/faults.js'
import { jwtSecret } from '../support/helper.js'
import { liveApp, sleep, tokenUntil, until } from '../support/live.js'
import { open as openOffer, respond } from '../support/trades.js'
import { follow, garbling, openWire, unreliable } from './clients.js'

for (const transport of ['webSocket', 'eventStream'] as const) {
  t.test(`events come over the ${transport}`, async t => {
    const { url, user } = await liveApp(t)
    const [ann, bob] = [user('ann'), user('bob')]
    const { live, events, of, seqs, states } = follow(t, {
      baseUrl: `${url}/`, token: bob.token, transport: transport === 'webSocket' ? 'auto' : 'eventStream'
    })
    await live.connect()
    t.same(states, [{ status: 'connecting', transport }, { status: 'live', transport }])
    t.match(events, [{ type: 'connected', data: { userId: 'bob' } }])

    const sent = (await ann.say('bob', 'Grüße ☀')).json()
    const offer = await openOffer(ann, bob)
    await respond(bob, offer, { response: 'reject', revision: 1 })
    await until('all came', () => seqs().length === 3)
    t.same(seqs(), [1, 2, 3])
    t.same(of('newMessage')[0]?.data, sent)
    t.match(of('tradeResponse')[0]?.data, { offer: { messageId: offer.messageId, status: 'rejected' }, message: { seq: 3 } })
    t.equal(live.cursor, of('tradeResponse')[0]?.cursor)
  })

  t.test(`what was missed while the ${transport} was broken comes first, each once`, async t => {
    const { url, user } = await liveApp(t)
    const ann = user('ann')
    const wire = await openWire(t, url)
    const { live, seqs, states, reached } = follow(t, {
      baseUrl: wire.url, token: user('bob').token, transport: transport === 'webSocket' ? 'auto' : 'eventStream'
    })
    await live.connect()
    await ann.say('bob', '1')
    await until('it came', () => seqs().length === 1)
    for (let round = 1; round <= 3; round++) {
      wire.cut()
      await reached('waiting', round)
      await ann.say('bob', 'missed')
      await reached('live', round + 1)
      await ann.say('bob', 'live')
      await until('all came', () => seqs().length === 1 + round * 2)
    }
    t.same(seqs(), [1, 2, 3, 4, 5, 6, 7])
    t.same(states.filter(state => state.status === 'live').map(state => state.transport), Array(4).fill(transport))
  })
}

t.test('typing and reading are told to the other user', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const [ann, bob] = ['ann', 'bob'].map(id => follow(t, { baseUrl: url, token: user(id).token }))
  await Promise.all([ann!.live.connect(), bob!.live.connect()])
  await user('ann').say('bob', 'hello')
  t.equal(await bob!.live.typing('ann'), true)
  t.equal(await bob!.live.stopTyping('ann'), true)
  t.equal(await bob!.live.read('ann', 1), undefined)
  await until('all came', () => ann!.of('read').length === 1)
  t.match(ann!.of('typing'), [{ data: { userId: 'bob' } }])
  t.match(ann!.of('stopTyping'), [{ data: { userId: 'bob' } }])
  t.match(ann!.of('read'), [{ data: { userId: 'bob', seq: 1 } }])
  t.match(await bob!.live.read('ann', 99), { code: 'seq_out_of_range', retryable: false })
})

t.test('over a stream reading is told by a request, and typing can\'t be told', async t => {
  const { app, url, user } = await liveApp(t)
  await acquaint(app, 'ann', 'bob')
  const ann = follow(t, { baseUrl: url, token: user('ann').token })
  const bob = follow(t, { baseUrl: url, token: user('bob').token, transport: 'eventStream' })
  await Promise.all([ann.live.connect(), bob.live.connect()])
  await user('ann').say('bob', 'hello')
  t.equal(await bob.live.typing('ann'), false)
  t.equal(await bob.live.read('ann', 1), undefined)
  await until('it came', () => ann.of('read').length === 1)
  t.match(await bob.live.read('ann', 99), { code: 'seq_out_of_range', status: 400 })
  t.match(await bob.live.read('nobody', 1), { code: 'conversation_not_found', status: 404 })
})

t.test('where no WebSocket gets through, it takes the stream', async t => {
  const { app, url, user } = await liveApp(t)
  // From then on a request for an upgrade is answered like any other, as by hosts that pass none.
  app.server.removeAllListeners('upgrade')
  const { live, states, seqs } = follow(t, { baseUrl: url, token: user('bob').token })
  await live.connect()
  t.same(states.filter(({ status }) => status === 'connecting').map(({ transport }) => transport), [
    'webSocket', 'webSocket', 'webSocket', 'eventStream'
  ])
  await user('ann').say('bob', 'hello')
  await until('it came', () => seqs().length === 1)
})

t.test('while neither gets through, it goes on with both', async t => {
  const { url, user } = await liveApp(t)
  const wire = await openWire(t, url)
  const { live, states, seqs } = follow(t, { baseUrl: wire.url, token: user('bob').token, connectTimeout: 30 })
  wire.die()
  const connecting = live.connect()
  await until('it tried both', () => states.filter(({ transport }) => transport === 'eventStream').length >= 2)
  t.ok(states.some(({ error }) => error?.code === 'silence'))
  wire.revive()
  live.close()
  t.match(await connecting, { status: 'closed' })

  const second = follow(t, { baseUrl: wire.url, token: user('bob').token })
  await second.live.connect()
  await user('ann').say('bob', 'hello')
  await until('it came', () => second.seqs().length === 1)
  t.same(seqs(), [])
})

t.test('a stream that ends by itself is followed by another, which misses nothing', async t => {
  const { url, user } = await liveApp(t, { env: { SSE_MAX_SECONDS: '5' }, hubLimits: { tick: 50 } })
  const { live, states, seqs, reached } = follow(t, { baseUrl: url, token: user('bob').token, transport: 'eventStream' })
  await live.connect()
  await user('ann').say('bob', '1')
  await reached('waiting')
  await user('ann').say('bob', '2')
  await reached('live', 2)
  await user('ann').say('bob', '3')
  await until('all came', () => seqs().length === 3)
  t.same(seqs(), [1, 2, 3])
  t.same(states.flatMap(({ error }) => error?.code ?? []), ['stream_ended'])
})

t.test('a connection that goes dead is left for another', async t => {
  const { url, user } = await liveApp(t, { hubLimits: { heartbeat: 100, tick: 10 } })
  const wire = await openWire(t, url)
  const { live, states, seqs, reached } = follow(t, { baseUrl: wire.url, token: user('bob').token, heartbeatGrace: 1500 })
  await live.connect()
  await sleep(2500)
  t.same(states.map(({ status }) => status), ['connecting', 'live'])
  wire.die()
  await reached('waiting')
  t.match(states.find(({ status }) => status === 'waiting'), { error: { code: 'silence' } })
  wire.cut()
  wire.revive()
  await user('ann').say('bob', 'hello')
  await until('it came', () => seqs().length === 1)
})

t.test('a new client goes on from the cursor of an old one', async t => {
  const { url, user } = await liveApp(t)
  const options = { baseUrl: url, token: user('bob').token }
  const first = follow(t, options)
  await first.live.connect()
  await user('ann').say('bob', '1')
  await until('it came', () => first.seqs().length === 1)
  first.live.close()
  await user('ann').say('bob', '2')
  const second = follow(t, { ...options, since: first.live.cursor })
  await second.live.connect()
  t.same(second.seqs(), [2])
  t.match(second.of('resumed'), [{ data: { replayed: 1 } }])
  t.same(first.seqs(), [1])
})

t.test('the token is renewed before it expires, on the same connection', async t => {
  const { app, url, user } = await liveApp(t, { hubLimits: { tick: 10 } })
  let connections = 0
  app.websocketServer.on('connection', () => connections++)
  let tokens = 0
  const { live, seqs, errors } = follow(t, { baseUrl: url, token: () => tokenUntil('bob', Date.now() + (++tokens === 1 ? 4000 : 3600_000)) })
  await live.connect()
  await sleep(4500)
  await user('ann').say('bob', 'hello')
  await until('it came', () => seqs().length === 1)
  t.equal(connections, 1)
  t.equal(tokens, 2)
  t.same(errors, [])
})

t.test('a token that could not be renewed in time is replaced after the connection has ended', async t => {
  const { url, user } = await liveApp(t, { hubLimits: { tick: 10 } })
  let tokens = 0
  const { live, states, errors, reached } = follow(t, {
    baseUrl: url,
    token: async () => {
      if (++tokens === 2) throw new Error('the issuer is away')
      return tokens === 1 ? tokenUntil('bob', Date.now() + 3000) : user('bob').token
    }
  })
  await live.connect()
  await reached('live', 2)
  t.match(errors, [{ code: 'token_unavailable', cause: { message: 'the issuer is away' } }])
  t.same(states.flatMap(({ error }) => error?.code ?? []), ['token_expired'])
})

for (const transport of ['auto', 'eventStream'] as const) {
  t.test(`a token that is refused ends it, one from a function after a second attempt (${transport})`, async t => {
    const { url, user } = await liveApp(t)
    const refused = follow(t, { baseUrl: url, token: 'no token', transport })
    t.match(await refused.live.connect(), { status: 'closed', error: { code: 'token_invalid', retryable: false } })
    t.same(refused.states.map(({ status }) => status), ['connecting', 'closed'])

    let tokens = 0
    const stubborn = follow(t, { baseUrl: url, token: () => `no token ${++tokens}`, transport })
    t.match(await stubborn.live.connect(), { status: 'closed', error: { code: 'token_invalid' } })
    t.equal(tokens, 2)

    tokens = 0
    const renewed = follow(t, { baseUrl: url, token: () => ++tokens === 1 ? 'no token' : user('bob').token, transport })
    await renewed.live.connect()
    t.equal(tokens, 2)
  })

  t.test(`a cursor that is not the user's is given up, and that is said (${transport})`, async t => {
    const { url, user } = await liveApp(t)
    await user('ann').say('bob', '1')
    const { live, states, seqs } = follow(t, { baseUrl: url, token: user('bob').token, since: 'forged.cursor', transport })
    await live.connect()
    t.match(states.map(({ status, refreshed, error }) => ({ status, refreshed, code: error?.code })), [
      { status: 'connecting' }, { status: 'waiting', code: 'invalid_cursor' }, { status: 'connecting' }, { status: 'live', refreshed: true }
    ])
    t.equal(live.state.refreshed, true)
    await user('ann').say('bob', '2')
    await until('it came', () => seqs().length === 1)
    t.same(seqs(), [2], 'what came before is in the history only')
  })

  t.test(`after the server's secrets were replaced it starts afresh, and forgets what it saw (${transport})`, async t => {
    const first = await liveApp(t)
    const wire = await openWire(t, first.url)
    const { live, states, seqs, reached } = follow(t, { baseUrl: wire.url, token: first.user('bob').token, transport })
    await live.connect()
    for (const text of ['1', '2']) await first.user('ann').say('bob', text)
    await until('both came', () => seqs().length === 2)

    // Its table is empty: as after going back in time, the same positions are given out again.
    const second = await liveApp(t, { env: { CURSOR_SECRET: 'another secret that is long enough to be one' } })
    wire.redirect(second.url)
    await reached('live', 2)
    t.same(states.filter(({ status }) => status === 'live').map(({ refreshed }) => refreshed), [undefined, true])
    t.equal(states.filter(({ error }) => error?.code === 'invalid_cursor').length, 1)
    await second.user('ann').say('bob', '1')
    await until('it came', () => seqs().length === 3)

    wire.cut()
    await reached('live', 3)
    t.equal(live.state.refreshed, undefined, 'it is said once')
    await second.user('ann').say('bob', '2')
    await until('it came', () => seqs().length === 4)
    t.same(seqs(), [1, 2, 1, 2])
  })

  t.test(`while secrets rotate it misses nothing and has nothing to start afresh for (${transport})`, async t => {
    const TABLE_NAME = `rotation-${process.pid}-${transport}`
    const next = 'the next secret is long enough as well'
    const first = await liveApp(t, { env: { TABLE_NAME } })
    const wire = await openWire(t, first.url)
    const { live, states, seqs, reached } = follow(t, { baseUrl: wire.url, token: first.user('bob').token, transport })
    await live.connect()
    await first.user('ann').say('bob', '1')
    await until('it came', () => seqs().length === 1)

    const second = await liveApp(t, { env: { TABLE_NAME, JWT_SECRET: `${next},${jwtSecret}` } })
    await first.user('ann').say('bob', '2')
    await until('it came', () => seqs().length === 2)
    wire.redirect(second.url)
    await first.user('ann').say('bob', '3')
    await reached('live', 2)
    await until('it came', () => seqs().length === 3)
    t.same(seqs(), [1, 2, 3])
    t.notOk(states.some(({ refreshed }) => refreshed))
  })
}

t.test('close codes say whether to reconnect', async t => {
  const { app, url, user } = await liveApp(t)
  const { live, states, reached } = follow(t, { baseUrl: url, token: () => user('bob').token })
  await live.connect()
  const closeAll = (code: number, reason?: string) => {
    for (const socket of app.websocketServer.clients) socket.close(code, reason)
  }
  let times = 1
  for (const [code, reason] of [[4000, 'server_shutdown'], [4003, 'slow_consumer'], [1011, ''], [1001, '']] as const) {
    closeAll(code, reason)
    await reached('live', ++times)
    t.match(states.findLast(({ status }) => status === 'waiting'), { error: { code: reason || `closed_${code}` } })
  }
  closeAll(4504, 'flooding')
  await reached('closed')
  t.match(live.state, { error: { code: 'flooding' } })
  await sleep(200)
  t.equal(states.filter(({ status }) => status === 'live').length, times)
})

t.test('a frame that was lost on its way is read, one that comes twice is told once', async t => {
  const { url, user } = await liveApp(t)
  const [ann, bob] = [user('ann'), user('bob')]
  const { live, seqs, of } = follow(t, {
    baseUrl: url,
    token: bob.token,
    WebSocket: unreliable(({ type, data }) => type === 'tradeResponse' || data?.seq === 2 ? 0 : type === 'newMessage' ? 2 : 1)
  })
  await live.connect()
  const sent = []
  for (const text of ['1', '2', '3']) sent.push((await ann.say('bob', text)).json())
  await until('all came', () => seqs().length === 3)
  t.same(of('newMessage').map(({ data }) => data), sent)
  const offer = await openOffer(ann, bob)
  await respond(bob, offer, { response: 'reject', revision: 1 })
  await ann.say('bob', '6')
  await until('all came', () => seqs().length === 6)
  t.same(seqs(), [1, 2, 3, 4, 5, 6])
  t.match(of('tradeResponse'), [{ data: { offer: { status: 'rejected' }, message: { tradeResponse: { action: 'reject' } } } }])
})

t.test('a gap longer than a page is read in pages', async t => {
  const { url, user } = await liveApp(t)
  const { live, seqs } = follow(t, {
    baseUrl: url, token: user('bob').token, WebSocket: unreliable(({ data }) => data?.seq !== undefined && data.seq > 1 && data.seq <= 250 ? 0 : 1)
  })
  await live.connect()
  for (let n = 1; n <= 251; n++) await user('ann').say('bob', String(n))
  await until('all came', () => seqs().length === 251)
  t.same(seqs(), Array.from({ length: 251 }, (_, n) => n + 1))
})

t.test('a gap that can\'t be read is closed by reconnecting', async t => {
  const { app, url, user } = await liveApp(t)
  let isLossy = true
  const { live, seqs, states } = follow(t, {
    baseUrl: url, token: user('bob').token, WebSocket: unreliable(({ data }) => isLossy && data?.seq === 2 ? 0 : 1)
  })
  await live.connect()
  const queries = intercept(t, app, 'Query', async attempt => {
    if (isLossy) throw sdkFault('InternalServerError', 500)
    return await attempt()
  })
  live.on('state', ({ error }) => { if (error?.code === 'gap') isLossy = false })
  for (const text of ['1', '2', '3']) await user('ann').say('bob', text)
  await until('all came', () => seqs().length === 3)
  t.same(seqs(), [1, 2, 3])
  t.ok(queries.count > 0)
  t.match(states.find(({ error }) => error !== undefined), { error: { code: 'gap', cause: { code: 'database_unavailable' } } })
})

t.test('a frame that doesn\'t fit is read, and is told once', async t => {
  const { url, user } = await liveApp(t)
  const [ann, bob] = [user('ann'), user('bob')]
  const { live, seqs, of, errors } = follow(t, { baseUrl: url, token: bob.token, WebSocket: garbling(({ data, type }) => data?.seq === 2 || type === 'tradeResponse') })
  await live.connect()
  const sent = []
  for (const text of ['1', '2', '3']) sent.push((await ann.say('bob', text)).json())
  const offer = await openOffer(ann, bob)
  await respond(bob, offer, { response: 'reject', revision: 1 })
  await ann.say('bob', '6')
  await until('all came', () => seqs().length === 6)
  t.same(seqs(), [1, 2, 3, 4, 5, 6])
  t.same(of('newMessage').slice(0, 3).map(({ data }) => data), sent)
  t.match(of('tradeResponse'), [{ data: { offer: { status: 'rejected' } } }])
  t.equal(live.invalid, 2)
  t.match(errors, [{ code: 'unexpected_frame', detail: /^newMessage doesn't fit/ }, { code: 'unexpected_frame', detail: /^tradeResponse doesn't fit/ }])
})

t.test('a message that never fits is left out, and holds up nothing', async t => {
  const { url, user } = await liveApp(t)
  let pages = 0
  const { live, seqs, states, errors } = follow(t, {
    baseUrl: url,
    token: user('bob').token,
    WebSocket: garbling(({ data }) => data?.seq === 2),
    fetch: async (...call) => {
      const response = await fetch(...call)
      const page = await response.json() as { messages: Array<{ seq: unknown }> }
      pages++
      return Response.json({ ...page, messages: page.messages.map(message => message.seq === 2 ? { ...message, seq: 'two' } : message) })
    }
  })
  await live.connect()
  for (const text of ['1', '2', '3', '4']) await user('ann').say('bob', text)
  await until('all came', () => seqs().length === 3)
  t.same(seqs(), [1, 3, 4])
  t.equal(pages, 1)
  t.equal(live.invalid, 2)
  t.match(errors, [{ code: 'unexpected_frame' }, { code: 'unexpected_frame', detail: 'Message doesn\'t fit its schema at /' }])
  t.same(states.map(({ status }) => status), ['connecting', 'live'])
})

t.test('without a connected or resumed that fits it connects again', async t => {
  const { url, user } = await liveApp(t)
  const wire = await openWire(t, url)
  const broken = new Set(['connected', 'resumed'])
  const { live, states, seqs, reached } = follow(t, {
    baseUrl: wire.url, token: user('bob').token, WebSocket: garbling(({ type }) => broken.delete(type))
  })
  await live.connect()
  wire.cut()
  await user('ann').say('bob', '1')
  await reached('live', 2)
  t.same(seqs(), [1])
  t.match(states.flatMap(({ error }) => error?.code ?? []), ['unexpected_frame', 'closed_1006', 'unexpected_frame'])
})

t.test('once closed it is silent and stays closed', async t => {
  const { app, url, user } = await liveApp(t)
  const { live, events, states } = follow(t, { baseUrl: url, token: user('bob').token })
  await Promise.all([live.connect(), live.connect()])
  t.equal(app.hub.size.connections, 1)
  const off = live.on('newMessage', () => t.fail('nothing is told'))
  live.close()
  live.close()
  await user('ann').say('bob', 'hello')
  await until('the server knows', () => app.hub.size.connections === 0)
  off()
  t.same(events.map(({ type }) => type), ['connected'])
  t.same(states.map(({ status }) => status), ['connecting', 'live', 'closed'])
  t.equal(await live.typing('ann'), false)
  const never = follow(t, { baseUrl: url, token: user('bob').token }).live
  never.close()
  t.match(await never.connect(), { status: 'closed' })
})

t.test('a listener that closes it is the last to be told', async t => {
  const { url, user } = await liveApp(t)
  const options = { baseUrl: url, token: user('bob').token }
  const first = follow(t, options)
  await first.live.connect()
  first.live.close()
  for (const text of ['1', '2', '3']) await user('ann').say('bob', text)
  const second = follow(t, { ...options, since: first.live.cursor })
  second.live.on('newMessage', () => second.live.close())
  t.match(await second.live.connect(), { status: 'closed' })
  await sleep(100)
  t.same(second.seqs(), [1])
})

t.test('closing it while it waits or gets a token ends that too', async t => {
  const { app, url } = await liveApp(t)
  let give: ((token: string) => void) | undefined
  const slow = follow(t, { baseUrl: url, token: async () => await new Promise(resolve => { give = resolve }) })
  const connecting = slow.live.connect()
  await sleep(10)
  slow.live.close()
  give?.('late')
  t.match(await connecting, { status: 'closed' })
  const waiting = follow(t, { baseUrl: 'http://127.0.0.1:1', token: 'x', backoff: { base: 3600_000, cap: 3600_000 }, WebSocket })
  const never = waiting.live.connect()
  await waiting.reached('waiting')
  waiting.live.close()
  t.match(await never, { status: 'closed' })
  t.equal(app.hub.size.connections, 0)
})
