import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { listen, testApp, TestUser } from '../support/helper.js'
import { isProblem, refused } from '../support/problem.js'
import { createLogger } from '../../src/observability/logger.js'
import { refuseConnection } from '../../src/wire/framework-problems.js'

const internals = 'SELECT password FROM 10.0.0.7'

/** Sends bytes and returns the answer's status, headers and body when the server has ended the connection. */
async function exchange (url: string, bytes: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.end(bytes, 'latin1')
  await once(socket, 'close')
  return parseAnswer(Buffer.concat(chunks).toString())
}

function parseAnswer (answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = Object.fromEntries(lines.map(line => {
    const at = line.indexOf(':')
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
  }))
  return { statusLine, headers, body }
}

function documentedPaths (app: FastifyInstance) {
  return Object.entries(app.swagger().paths ?? {}).map(([path, methods]) => ({
    path: path.replace('{userId}', 'bob').replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000'),
    methods: Object.keys(methods!).map(method => method.toUpperCase())
  }))
}

t.test('what is not there is not found', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  for (const url of ['/', '/api', '/api/messages', '/api/messages/bob/', '/api/messages/bob/other', '/Health', '/health/', '//health', '/.env', '/docs/../x']) {
    refused(t, await alice.request({ url }), 'route_not_found', url)
    refused(t, await app.inject({ url, method: 'POST', payload: {} }), 'route_not_found', `POST ${url}`)
  }
})

t.test('a path with a body of another type is as little there', async t => {
  const app = await testApp(t)
  refused(t, await app.inject({ url: '/nowhere', method: 'POST', payload: 'x', headers: { 'content-type': 'text/plain' } }), 'route_not_found')
})

t.test('other methods of a path are named as not allowed, with those that are', async t => {
  const app = await testApp(t)
  const paths = documentedPaths(app)
  t.ok(paths.length >= 7)
  for (const { path, methods } of paths) {
    // A message may be posted to what looks like a user's path, to be told that the id is reserved.
    if (/^\/api\/messages\/\w+$/.test(path) && !methods.includes('POST')) methods.push('POST')
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      if (methods.includes(method)) continue
      const response = await app.inject({ method, url: path })
      refused(t, response, 'method_not_allowed', `${method} ${path}`)
      t.same(String(response.headers.allow).split(', ').filter(one => one !== 'HEAD').sort(), methods.sort(), path)
    }
  }
  t.equal((await app.inject({ method: 'PUT', url: '/api/messages/bob' })).headers.allow, 'GET, HEAD, POST')
})

t.test('a URL with a bad escape is malformed', async t => {
  const app = await testApp(t)
  const url = await listen(app)
  for (const path of ['/api/messages/%zz', '/api/messages/%', '/api/messages/%e0%a4', '/api/messages/a%ff', '/%c0%af']) {
    const { statusLine, headers, body } = await exchange(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    t.match(statusLine, / 400 /, path)
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
    isProblem(t, JSON.parse(body), 'malformed_request')
  }
})

t.test('what is not HTTP is malformed', async t => {
  const url = await listen(await testApp(t))
  const requests: Record<string, string> = {
    'no protocol': 'hello\r\n\r\n',
    TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'an unknown method': 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n',
    'an unknown version': 'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'a header without a name': 'GET / HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n',
    'two lengths': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
    'a length and chunks': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'a length that is no number': 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n',
    'a bad chunk': 'POST /api/messages/bob HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n'
  }
  for (const [name, request] of Object.entries(requests)) {
    const { statusLine, headers, body } = await exchange(url, request)
    t.match(statusLine, /^HTTP\/1\.1 4\d\d /, name)
    if (/ 401 /.test(statusLine)) continue // the answer to its head came first
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8', name)
    t.equal(Number(headers['content-length']), Buffer.byteLength(body))
    isProblem(t, JSON.parse(body), 'malformed_request', name)
  }
  t.equal((await fetch(`${url}/health`)).status, 200, 'the server is as well as before')
})

t.test('headers that are too large are refused', async t => {
  const url = await listen(await testApp(t))
  for (const request of [`GET /health HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`]) {
    const { statusLine, headers, body } = await exchange(url, request)
    t.match(statusLine, / 431 /)
    t.equal(headers['content-type'], 'application/problem+json; charset=utf-8')
    t.equal(headers.connection, 'close')
    isProblem(t, JSON.parse(body), 'headers_too_large')
  }
})

t.test('a request that takes too long to arrive is refused', async t => {
  const written: string[] = []
  let ended = false
  const socket = { destroyed: false, writable: true, write: (bytes: string) => written.push(bytes), destroySoon: () => { ended = true } }
  refuseConnection(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }) as never, socket as unknown as Socket)
  const { statusLine, body } = parseAnswer(written.join(''))
  t.match(statusLine, / 408 /)
  isProblem(t, JSON.parse(body), 'request_timeout')
  t.ok(ended)
})

t.test('a path longer than any user id is refused', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  for (const length of [129, 384, 385, 5000]) refused(t, await alice.get(`/${'x'.repeat(length)}`), 'validation_failed', `${length}`)
  t.equal((await alice.get(`/${'%61'.repeat(128)}`)).statusCode, 200, 'escaped, the longest id fits')
})

t.test('a body that ends early is not the server\'s fault', async t => {
  const lines: string[] = []
  const log = createLogger({ LOG_LEVEL: 'info', NODE_ENV: 'test' }, { write: line => { lines.push(line) } })
  const app = await testApp(t, { log })
  const alice = new TestUser(app, 'alice')
  const { hostname, port } = new URL(await listen(app))
  const socket = connect(Number(port), hostname)
  const done = new Promise<void>(resolve => app.server.once('connection', connection => connection.once('close', resolve)))
  socket.write(`POST /api/messages/bob HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${alice.token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"text":`)
  await once(app.server, 'request')
  socket.destroy()
  await done
  await app.close()
  t.same(lines.map(line => JSON.parse(line)).filter(({ level }) => level >= 50), [])
})

t.test('the caller\'s request id is kept where it is harmless', async t => {
  const app = await testApp(t)
  const send = async (id: string) => (await app.inject({ url: '/nowhere', headers: { 'x-request-id': id } }))
  for (const id of ['a', 'Root=1-67891233-abcdef012345678912345678', 'a/b:c.d+e=f-g_h', 'x'.repeat(128)]) {
    const response = await send(id)
    t.equal(response.headers['x-request-id'], id)
    t.equal(refused(t, response, 'route_not_found').requestId, id)
  }
  for (const id of ['', 'a b', '<script>', 'a"b', 'x'.repeat(129), '{"a":1}', 'ä']) {
    const response = await send(id)
    t.match(response.headers['x-request-id'], /^[0-9a-f-]{36}$/, id.slice(0, 9))
    t.equal(refused(t, response, 'route_not_found').requestId, response.headers['x-request-id'])
  }
  const ids = await Promise.all(Array.from({ length: 10 }, async () => (await app.inject('/health')).headers['x-request-id']))
  t.equal(new Set(ids).size, 10)
})

t.test('a fault of the server is hidden from the caller and logged with the request\'s id', async t => {
  const lines: string[] = []
  const log = createLogger({ LOG_LEVEL: 'info', NODE_ENV: 'test' }, { write: line => { lines.push(line) } })
  const app = await testApp(t, { log })
  const alice = new TestUser(app, 'alice')
  const faults: Record<string, () => Promise<never>> = {
    'an error': async () => { throw new Error(internals) },
    'an error with a client\'s status': async () => { throw Object.assign(new Error(internals), { statusCode: 418, code: internals }) },
    'an error with a header': async () => { throw Object.assign(new Error(internals), { headers: { 'x-internal': internals } }) },
    'a text': async () => { throw internals },
    'an answer that does not match its schema': async () => ({ conversations: internals }) as never,
    'a type error': async () => (null as never as { x: never }).x
  }
  for (const [name, fault] of Object.entries(faults)) {
    app.services.conversations.list = fault
    lines.length = 0
    const response = await alice.get('/conversations')
    const problem = refused(t, response, 'internal_error', name)
    t.same(Object.keys(problem).sort(), ['code', 'detail', 'requestId', 'status', 'title', 'type'])
    t.notMatch(JSON.stringify([response.headers, response.body]), 'password', name)
    const logged = lines.map(line => JSON.parse(line)).filter(({ level }) => level >= 50)
    t.match(logged, [{ reqId: problem.requestId }], `${name} is logged once`)
  }
})
