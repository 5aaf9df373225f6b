import fc from 'fast-check'
import t from 'tap'
import { TestSocket } from '../support/helper.js'
import { framesOf, liveApp, rawFrame, rawSocket, sleep, until, upgradeRequest } from '../support/live.js'

t.test('ids are echoed, and without an id nothing is acknowledged', async t => {
  const { open } = await liveApp(t)
  const alice = await open('alice')
  const ids = ['1', 'a b', '☀️', '"\\\u0000', '😀'.repeat(64), '\ud800']
  for (const id of ids) {
    alice.send({ type: 'pong', id })
    alice.send({ type: 'pong' })
    alice.send({ type: 'pong', data: {} })
    alice.socket.send(JSON.stringify({ type: 'unheard of', id }))
  }
  await alice.settle('end')
  t.same(framesOf(alice, 'ack').map(({ id }) => id), [...ids, 'end'])
  t.same(framesOf(alice, 'error').map(({ id }) => id), ids)
})

t.test('an invalid frame is refused with its id and a word about what is wrong', async t => {
  const { open } = await liveApp(t)
  const alice = await open('alice')
  const invalid: [object, RegExp][] = [
    [{ type: 'dance' }, /type must be one of auth, typing, stopTyping, read, resume, pong/],
    [{ type: '__proto__' }, /type must be one of/],
    [{ type: ['pong'] }, /type must be one of/],
    [{}, /type must be one of/],
    [{ type: 'typing' }, /must have required property 'data'/],
    [{ type: 'typing', data: {} }, /\/data must have required property 'userId'/],
    [{ type: 'typing', data: { userId: 5 } }, /\/data\/userId must be string/],
    [{ type: 'typing', data: { userId: 'bob', more: 1 } }, /must NOT have additional properties: more/],
    [{ type: 'typing', data: { userId: 'bob' }, more: 1 }, /must NOT have additional properties: more/],
    [{ type: 'read', data: { userId: 'bob', seq: '1' } }, /\/data\/seq must be integer/],
    [{ type: 'read', data: { userId: 'bob', seq: 0 } }, /\/data\/seq must be >= 1/],
    [{ type: 'auth', data: { token: '' } }, /\/data\/token/],
    [{ type: 'pong', data: { more: 1 } }, /additional properties/]
  ]
  for (const [frame, detail] of invalid) {
    alice.socket.send(JSON.stringify({ ...frame, id: 'x' }))
    t.match(await alice.next('error'), { id: 'x', data: { code: 'validation_failed', detail, retryable: false } })
  }
  for (const id of ['', 'x'.repeat(65), 5, null]) {
    alice.socket.send(JSON.stringify({ type: 'pong', id }))
    const { id: echoed, data } = await alice.next('error')
    t.equal(echoed, undefined)
    t.equal(data.code, 'validation_failed')
  }
  for (const value of [null, 5, 'pong', [], [{ type: 'pong' }]]) {
    alice.socket.send(JSON.stringify(value))
    t.match(await alice.next('error'), { data: { code: 'validation_failed' } })
  }
  await alice.settle()
})

t.test('an error stays small, whatever is wrong', async t => {
  const { open } = await liveApp(t)
  const alice = await open('alice')
  const many = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`k${n}`, 1]))
  alice.socket.send(JSON.stringify({ type: 'pong', ...many }))
  alice.socket.send(JSON.stringify({ type: 'pong', ['k'.repeat(16_000)]: 1 }))
  for (const { data } of [await alice.next('error'), await alice.next('error')]) {
    t.match(data, { code: 'validation_failed', detail: /k/ })
    t.ok(data.detail.length < 1000, `${data.detail.length} characters`)
  }
})

t.test('malformed JSON is refused and the connection lives', async t => {
  const { open } = await liveApp(t)
  const alice = await open('alice')
  for (const text of ['', '{', 'pong', '{"type":"pong",}', '\0', '{"type":"pong"}{"type":"pong"}', '['.repeat(16_000)]) {
    alice.socket.send(text)
    t.match(await alice.next('error'), { data: { code: 'malformed_json', retryable: false } })
  }
  await alice.settle()
})

t.test('a binary frame closes the connection', async t => {
  const { open } = await liveApp(t)
  for (const data of [Buffer.from('{"type":"pong"}'), Buffer.alloc(0)]) {
    const alice = await open('alice')
    alice.socket.send(data)
    alice.send({ type: 'pong', id: 'late' })
    t.same(await alice.closed, { code: 4503, reason: 'protocol_violation' })
    t.same(framesOf(alice, 'ack'), [])
  }
})

t.test('a frame of 16 KiB is read, a larger one closes the connection with 1009', async t => {
  const { app, open } = await liveApp(t)
  const bob = await open('bob')
  const pad = (length: number) => JSON.stringify({ type: 'pong', id: 'x' }).padEnd(length)
  const alice = await open('alice')
  alice.socket.send(pad(16_384))
  t.match(await alice.next('ack'), { id: 'x' })
  alice.socket.send(pad(16_385))
  t.equal((await alice.closed).code, 1009)
  for (const length of [200_000, 5_000_000]) {
    const large = await open('alice')
    large.socket.send(pad(length))
    t.equal((await large.closed).code, 1009)
  }
  const parts = await open('alice')
  for (let n = 0; n < 5; n++) parts.socket.send('x'.repeat(4000), { fin: false })
  t.equal((await parts.closed).code, 1009, 'in several parts too')
  await bob.settle()
  await until('they are forgotten', () => app.hub.size.connections === 1)
})

t.test('the close code of a refused frame comes behind all that waits to be read', async t => {
  const { app, open } = await liveApp(t, { hubLimits: { hardQueue: 50_000_000 } })
  const alice = await open('alice')
  alice.socket.pause()
  const [end] = app.websocketServer.clients
  while ((end?.bufferedAmount ?? 0) < 1_000_000) {
    // Few and large: on a busy machine she must be able to read them all before she is cut.
    for (let n = 0; n < 10; n++) {
      app.hub.publish(['alice'], { type: 'read', data: { userId: 'bob', conversationId: 'x'.repeat(10_000), seq: 1 } })
    }
    await sleep(0)
  }
  alice.socket.send(' '.repeat(20_000))
  await until('it is refused', () => end?.readyState !== end?.OPEN)
  alice.socket.resume()
  t.equal((await alice.closed).code, 1009)
})

t.test('text that isn\'t UTF-8 closes the connection with 1007, broken frames with 1002', async t => {
  const { app, open } = await liveApp(t)
  const bob = await open('bob')
  const broken: [number, Buffer][] = [
    [1007, Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28])],
    [1002, Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
    [1002, Buffer.from([0xf1, 0x80, 0, 0, 0, 0])]
  ]
  for (const [code, bytes] of broken) {
    const alice = await open('alice')
    const { _socket: raw } = alice.socket as unknown as { _socket: { write: (bytes: Buffer) => void } }
    raw.write(bytes)
    t.equal((await alice.closed).code, code)
  }
  await bob.settle()
  await until('they are forgotten', () => app.hub.size.connections === 1)
})

const anyFrame = fc.record({
  type: fc.oneof(fc.constantFrom('typing', 'stopTyping', 'read', 'pong', 'auth', 'ack'), fc.string(), fc.jsonValue()),
  id: fc.oneof(fc.string(), fc.jsonValue()),
  data: fc.oneof(
    fc.record({
      userId: fc.oneof(fc.constantFrom('bob', 'witness', 'users', '__proto__'), fc.string()),
      seq: fc.oneof(fc.integer(), fc.double()),
      token: fc.string()
    }, { requiredKeys: [] }),
    fc.jsonValue()
  ),
  extra: fc.jsonValue()
}, { requiredKeys: [] })

const garbage = fc.oneof(
  anyFrame.map(frame => JSON.stringify(frame)),
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 500 })
)

t.test('no text ever brings down the server or its own connection', async t => {
  const { open, url, user } = await liveApp(t, { hubLimits: { frameBurst: 100_000, connectionsPerUser: 100 } })
  const witness = await open('witness')
  await user('alice').say('bob', 'hello')
  const sockets = [await open('alice'), new TestSocket(url)]
  t.teardown(() => sockets[1]?.socket.terminate())
  await until('the other is open', () => sockets[1]?.socket.readyState === 1)
  let n = 0
  await fc.assert(fc.asyncProperty(fc.array(garbage, { minLength: 1, maxLength: 5 }), async texts => {
    for (const socket of sockets) {
      // An auth frame with a bad token would close the one that isn't authenticated; that is tested elsewhere.
      if (socket === sockets[1] && texts.some(text => /"auth"/.test(text))) continue
      for (const text of texts) socket.socket.send(text)
      const id = `valid ${++n}`
      socket.send({ type: 'pong', id })
      while (![(await Promise.race([socket.next('ack'), once(socket)])).id].includes(id));
    }
  }), { numRuns: 400 })
  await witness.settle()
  t.equal(framesOf(witness, 'error').length, 0)

  /** The error that answers a valid frame of who isn't authenticated. */
  async function once (socket: TestSocket) {
    if (socket !== sockets[1]) return await new Promise<never>(() => {})
    let error = await socket.next('error')
    while (error.data.code !== 'token_missing' || error.id !== `valid ${n}`) error = await socket.next('error')
    return error
  }
})

t.test('no bytes ever bring down the server or the connections of others', async t => {
  const { app, open, url, user } = await liveApp(t, { hubLimits: { frameBurst: 100_000, connectionsPerUser: 1000 } })
  const witness = await open('witness')
  const { token } = user('alice')
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }),
    fc.uint8Array({ minLength: 1, maxLength: 100 }).map(data => Buffer.concat([rawFrame({ type: 'pong' }), data])),
    fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 125 })).map(([head, data]) =>
      Buffer.concat([Buffer.from([head, 0x80 | data.length, 0, 0, 0, 0]), data]))
  )
  await fc.assert(fc.asyncProperty(bytes, fc.boolean(), async (data, reset) => {
    const { socket, text } = await rawSocket(t, url)
    socket.write(upgradeRequest({ authorization: `Bearer ${token}` }))
    await until('it is connected', () => text().includes('connected'))
    await new Promise(resolve => socket.write(data, resolve))
    await witness.settle()
    if (reset) socket.resetAndDestroy()
    else socket.end()
  }), { numRuns: 150 })
  await witness.settle()
  await until('they are forgotten', () => app.hub.size.connections === 1)
})
