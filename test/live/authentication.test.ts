import { once } from 'node:events'
import t from 'tap'
import { startIssuer } from '../auth/jwks-issuer.js'
import { acquaint } from '../support/acquaint.js'
import { TestSocket } from '../support/helper.js'
import { framesOf, liveApp, rawFrame, rawSocket, sleep, tokenUntil, until, upgrade, upgradeRequest } from '../support/live.js'

const hour = 3_600_000

t.test('a token in the header of the upgrade authenticates', async t => {
  const { open, app } = await liveApp(t)
  const before = Date.now()
  const socket = await open('alice')
  const [connected] = framesOf(socket, 'connected')
  t.match(connected?.data, { userId: 'alice', heartbeatSeconds: 25 })
  t.ok(Date.parse(connected?.data.serverTime ?? '') >= before)
  t.same(app.hub.size, { connections: 1, users: 1 })
})

t.test('a bad token in the header is refused before the upgrade', async t => {
  const { app, url } = await liveApp(t)
  const refused = {
    token_invalid: ['Bearer nonsense', `Bearer ${app.jwt.sign({ sub: 'users' })}`],
    token_expired: [`Bearer ${tokenUntil('alice', Date.now() - 1000)}`],
    token_missing: ['Basic YTpi']
  }
  for (const [code, values] of Object.entries(refused)) {
    for (const authorization of values) {
      const { status, headers, body } = await upgrade(url, { authorization })
      t.equal(status, 401)
      t.match(headers['content-type'], /^application\/problem\+json/)
      t.match(headers['www-authenticate'], /^Bearer/)
      t.match(JSON.parse(body), { code, status: 401 })
    }
  }
  t.same(app.hub.size, { connections: 0, users: 0 })
})

t.test('a token in the URL is ignored', async t => {
  const { app, url } = await liveApp(t)
  const token = tokenUntil('alice', Date.now() + hour)
  for (const name of ['token', 'access_token', 'authorization']) {
    const socket = new TestSocket(`${url}/api/ws?${name}=${token}&was=`)
    t.teardown(() => socket.socket.terminate())
    await once(socket.socket, 'open')
    socket.send({ type: 'pong', id: 'early' })
    t.match(await socket.next('error'), { id: 'early', data: { code: 'token_missing' } })
    t.same(socket.received.map(({ type }) => type), ['error'])
  }
  t.equal(app.hub.size.users, 0)
})

t.test('an upgrade from a page that is not allowed is refused, also with a token', async t => {
  const { app, url, browser, user } = await liveApp(t, { env: { CLIENT_URL: 'https://app.example,https://two.example' } })
  const authorization = `Bearer ${user('alice').token}`
  for (const origin of ['https://evil.example', 'https://app.example.evil', 'http://app.example', 'null']) {
    for (const headers of [{ origin }, { origin, authorization }]) {
      const { status, body } = await upgrade(url, headers as unknown as Record<string, string>)
      t.equal(status, 403)
      t.match(JSON.parse(body), { code: 'origin_not_allowed' })
    }
  }
  t.equal(app.hub.size.connections, 0)
  await browser({ origin: 'https://two.example' })
  await browser()
  t.equal(app.hub.size.connections, 2)
})

t.test('a request that asks for no WebSocket is told to upgrade', async t => {
  const { app, url, user } = await liveApp(t)
  const authorized: Record<string, string> = { authorization: `Bearer ${user('alice').token}` }
  for (const headers of [{}, authorized]) {
    const response = await fetch(`${url}/api/ws`, { headers })
    t.equal(response.status, 426)
    t.equal(response.headers.get('upgrade'), 'websocket')
    t.match(await response.json(), { code: 'upgrade_required' })
  }
  t.equal((await app.inject({ method: 'HEAD', url: '/api/ws' })).statusCode, 426)
  t.equal((await app.inject({ method: 'POST', url: '/api/ws' })).statusCode, 405)
})

t.test('a faulty handshake gets a problem', async t => {
  const { app, url } = await liveApp(t)
  const { status, body } = await upgrade(url, { 'sec-websocket-key': 'short' })
  t.equal(status, 400)
  t.match(JSON.parse(body), { code: 'malformed_request' })
  const old = await upgrade(url, { 'sec-websocket-version': '7' })
  t.equal(old.status, 426)
  t.equal(old.headers['sec-websocket-version'], '13')
  t.match(JSON.parse(old.body), { code: 'upgrade_required' })
  t.equal(app.hub.size.connections, 0)
})

t.test('a request that offers another protocol is served as if it didn\'t', async t => {
  const { url, user } = await liveApp(t)
  const offer = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA' }
  t.match(await upgrade(url, offer, '/health'), { status: 200, body: '{"status":"ok"}' })
  t.equal((await upgrade(url, offer)).status, 426)
  const { socket, text } = await rawSocket(t, url)
  const lines = Object.entries({ ...offer, authorization: `Bearer ${user('alice').token}`, 'content-type': 'application/json' })
    .map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const body = JSON.stringify({ text: 'x'.repeat(3000) })
  const send = async (status: number) => {
    socket.write(`POST /api/messages/bob HTTP/1.1\r\nHost: test\r\n${lines}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 1000)}`)
    await sleep(20)
    socket.write(body.slice(1000))
    await until('it is answered', () => text().split(`HTTP/1.1 ${status}`).length > 1)
  }
  await send(201)
  await send(201)
  await until('both are stored', () => text().includes('"seq":2'))
})

t.test('an auth frame authenticates a browser', async t => {
  const { app, browser, user } = await liveApp(t)
  const socket = await browser()
  t.same(app.hub.size, { connections: 1, users: 0 })
  socket.send({ type: 'auth', id: 'a', data: { token: user('alice').token } })
  t.match(await socket.next('connected'), { data: { userId: 'alice' } })
  t.match(await socket.next('ack'), { id: 'a' })
  t.same(app.hub.size, { connections: 1, users: 1 })
})

t.test('who does not authenticate in time is closed, whatever else is sent', async t => {
  const { app, browser, open } = await liveApp(t, { hubLimits: { authentication: 150, tick: 10 } })
  const alice = await open('alice')
  const [silent, chatty] = [await browser(), await browser()]
  const chat = setInterval(() => chatty.send({ type: 'pong' }), 20)
  t.same(await silent.closed, { code: 4501, reason: 'authentication_timeout' })
  t.match(await chatty.closed, { code: 4501 })
  clearInterval(chat)
  await alice.settle()
  t.same(app.hub.size, { connections: 1, users: 1 })
})

t.test('who authenticates too late does not get in', async t => {
  const { app, browser, user } = await liveApp(t, { hubLimits: { authentication: 50, tick: 10 } })
  const { users } = app.services
  let admit = () => {}
  users.touch = async () => await new Promise<void>(resolve => { admit = resolve })
  const socket = await browser()
  socket.send({ type: 'auth', data: { token: user('alice').token } })
  t.match(await socket.closed, { code: 4501 })
  admit()
  await sleep(20)
  t.same(app.hub.size, { connections: 0, users: 0 })
})

t.test('a bad token in the auth frame is told, then the connection closed', async t => {
  const { app, browser } = await liveApp(t)
  const tokens = { token_invalid: 'nonsense', token_expired: tokenUntil('alice', Date.now() - 1000) }
  for (const [code, token] of Object.entries(tokens)) {
    const socket = await browser()
    socket.send({ type: 'auth', id: 'a', data: { token } })
    // What comes behind it has no effect any more.
    socket.send({ type: 'auth', id: 'b', data: { token: tokenUntil('alice', Date.now() + hour) } })
    t.same(await socket.closed, { code: 4500, reason: 'token_refused' })
    t.match(socket.received, [{ type: 'error', id: 'a', data: { code, retryable: false } }])
    t.equal(socket.received.length, 1)
  }
  await until('all are gone', () => app.hub.size.connections === 0)
  t.equal(app.hub.size.users, 0)
})

t.test('when a token can\'t be checked for now the client is told to reconnect', async t => {
  const { app, browser, user } = await liveApp(t)
  app.services.users.touch = async () => { throw new Error('out of order') }
  const socket = await browser()
  socket.send({ type: 'auth', id: 'a', data: { token: user('alice').token } })
  t.match(await socket.closed, { code: 4004, reason: 'unavailable' })
  t.match(socket.received, [{ type: 'error', id: 'a', data: { code: 'internal_error', detail: 'The server failed' } }])
})

t.test('when a token\'s key can\'t be looked up for now the client is told to reconnect, and not shut out', async t => {
  const issuer = await startIssuer(t)
  const { sign } = await issuer.addKey('old')
  const [iss, aud] = ['https://issuer.example', 'chat']
  const { app, url, browser } = await liveApp(t, {
    env: { JWT_SECRET: '', JWT_JWKS_URL: issuer.url, JWT_ISSUER: iss, JWT_AUDIENCE: aud, CURSOR_SECRET: 'c'.repeat(32), RATE_LIMIT_MAX: '4' }
  })
  const claims = { sub: 'alice', iss, aud, exp: Math.floor((Date.now() + hour) / 1000) }
  t.equal((await upgrade(url, { authorization: `Bearer ${await sign(claims, { kid: 'made-up' })}` })).status, 401)
  const renewed = await issuer.addKey('new')
  const token = await renewed.sign(claims)

  const socket = await browser()
  socket.send({ type: 'auth', id: 'a', data: { token } })
  t.match(await socket.closed, { code: 4004, reason: 'unavailable' })
  t.match(socket.received, [{ type: 'error', id: 'a', data: { code: 'keys_unavailable', retryable: true } }])

  const authorization = `Bearer ${token}`
  const { status, headers } = await upgrade(url, { authorization })
  t.equal(status, 503)
  t.ok(Number(headers['retry-after']) > 0)
  const statuses: number[] = []
  for (let n = 0; n < 3; n++) statuses.push((await app.inject({ url: '/api/messages/users', headers: { authorization } })).statusCode)
  t.same(statuses, [503, 503, 429], 'such tokens are counted by address')
})

t.test('a frame before the auth frame is refused and the connection stays', async t => {
  const { browser, user } = await liveApp(t)
  const socket = await browser()
  socket.send({ type: 'typing', id: 't', data: { userId: 'bob' } })
  socket.send({ type: 'read', id: 'r', data: { userId: 'bob', seq: 1 } })
  t.match(await socket.next('error'), { id: 't', data: { code: 'token_missing', retryable: false } })
  t.match(await socket.next('error'), { id: 'r', data: { code: 'token_missing' } })
  socket.send({ type: 'auth', data: { token: user('alice').token } })
  await socket.next('connected')
  await socket.settle()
})

t.test('frames sent behind the auth frame without waiting are handled in order', async t => {
  const { app, open, browser, user } = await liveApp(t)
  await acquaint(app, 'alice', 'bob')
  const bob = await open('bob')
  const socket = await browser()
  socket.send({ type: 'auth', id: 'a', data: { token: user('alice').token } })
  socket.socket.send('{')
  socket.send({ type: 'typing', id: 'b', data: { userId: 'bob' } })
  socket.send({ type: 'read', id: 'c', data: { userId: 'bob', seq: 1 } })
  socket.send({ type: 'stopTyping', id: 'd', data: { userId: 'bob' } })
  await socket.settle('e')
  t.same(socket.received.filter(({ type }) => type !== 'presence').map(frame => 'id' in frame ? frame.id : frame.type),
    ['connected', 'a', 'error', 'b', 'read', 'c', 'd', 'e'])
  await bob.settle()
  t.same(bob.received.map(({ type }) => type).filter(type => /yping|read/.test(type)), ['typing', 'read', 'stopTyping'])
})

t.test('frames that arrive together with the upgrade are not lost', async t => {
  const { url, user } = await liveApp(t)
  const { token } = user('alice')
  const frames = ['a', 'b', 'c'].map(id => rawFrame({ type: 'pong', id }))
  const { socket, text } = await rawSocket(t, url)
  socket.write(Buffer.concat([Buffer.from(upgradeRequest({ authorization: `Bearer ${token}` })), ...frames]))
  await until('all are answered', () => /connected.*"a".*"b".*"c"/s.test(text()))
  const browser = await rawSocket(t, url)
  browser.socket.write(Buffer.concat([Buffer.from(upgradeRequest()), rawFrame({ type: 'nothing', id: 'x' }), ...frames]))
  await until('all are refused', () => /validation_failed.*"a".*"b".*"c".*/s.test(browser.text()))
})

t.test('a new token before the expiry keeps the connection', async t => {
  const { app, url, browser } = await liveApp(t, { hubLimits: { tick: 10 } })
  const expiry = Date.now() + 700
  const token = tokenUntil('alice', expiry)
  const renewed = await browser()
  renewed.send({ type: 'auth', data: { token } })
  await renewed.next('connected')
  const left = new TestSocket(url, { authorization: `Bearer ${token}` })
  await left.next('connected')
  renewed.send({ type: 'auth', id: 'again', data: { token: tokenUntil('alice', Date.now() + hour) } })
  t.match(await renewed.next('ack'), { id: 'again' })
  t.same(await left.closed, { code: 4001, reason: 'token_expired' })
  t.ok(Date.now() >= expiry)
  await sleep(50)
  await renewed.settle()
  t.equal(framesOf(renewed, 'connected').length, 1, 'it is the same connection')
  t.same(app.hub.size, { connections: 1, users: 1 })
})

t.test('a new token for another user, or a bad one, is refused and changes nothing', async t => {
  const { app, open, user } = await liveApp(t)
  const socket = await open('alice')
  for (const token of [user('bob').token, 'nonsense', tokenUntil('alice', Date.now() - 1000)]) {
    socket.send({ type: 'auth', id: 'x', data: { token } })
    t.match(await socket.next('error'), { id: 'x', data: { code: /^token_(invalid|expired)$/ } })
  }
  await user('carol').say('alice', 'still you?')
  t.match(await socket.next('newMessage'), { data: { text: 'still you?' } })
  t.notOk(app.hub.isOnline('bob'))
})

t.test('upgrades are counted: by user with a token, by address without', async t => {
  const { url, user } = await liveApp(t, { env: { RATE_LIMIT_MAX: '3' } })
  for (const headers of [{ authorization: `Bearer ${user('alice').token}` }, {}]) {
    const statuses: unknown[] = []
    for (let n = 0; n < 5; n++) statuses.push((await upgrade(url, headers as Record<string, string>)).status)
    t.same(statuses, [101, 101, 101, 429, 429])
  }
  t.equal((await upgrade(url, { authorization: `Bearer ${user('bob').token}` })).status, 101)
})
