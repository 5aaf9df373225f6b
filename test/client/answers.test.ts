import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { createClient, LiveClient, type ApiOptions, type ChatError } from '../../client/src/index.js'
import { follow } from './clients.js'

/** Something between the client and the server, or in its place. */
async function between (t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const html = { 'content-type': 'text/html' }
const json = { 'content-type': 'application/json' }
const user = { userId: 'bob', username: 'Bob', online: null, lastSeenAt: null }

const cases: Array<[what: string, listener: RequestListener, error: Partial<ChatError>]> = [
  ['a page of a proxy that has no server', (_, response) => response.writeHead(502, html).end('<h1>Bad gateway</h1>'),
    { code: 'unexpected_answer', status: 502, retryable: true }],
  ['a page that asks to wait', (_, response) => response.writeHead(503, { ...html, 'retry-after': '7' }).end('<h1>Later</h1>'),
    { code: 'unexpected_answer', status: 503, retryable: true, retryAfter: 7000 }],
  ['a page that is no error at all', (_, response) => response.writeHead(200, html).end('<h1>Welcome to our hotel</h1>'),
    { code: 'unexpected_answer', status: 200, retryable: true }],
  ['a page of somebody who refuses', (_, response) => response.writeHead(403, html).end('<h1>Blocked</h1>'),
    { code: 'unexpected_answer', status: 403, retryable: false }],
  ['an error that is no problem', (_, response) => response.writeHead(500, json).end('{"message":"oops"}'),
    { code: 'unexpected_answer', status: 500, retryable: true }],
  ['nothing', (_, response) => response.writeHead(204).end(), { code: 'unexpected_answer', status: 204 }],
  ['half an answer', (_, response) => response.writeHead(200, { ...json, 'content-length': '100' }).write('{"userId":', () => response.destroy()),
    { code: 'network_unreachable', retryable: true }],
  ['half an answer that says it is whole', (_, response) => response.writeHead(200, json).end('{"userId":'),
    { code: 'unexpected_answer', status: 200, retryable: true }],
  ['a connection that is cut', (_, response) => response.destroy(), { code: 'network_unreachable', retryable: true }],
  ['no answer', () => {}, { code: 'timed_out', retryable: true }],
  ['an answer that never ends', (_, response) => response.writeHead(200, json).write('{'), { code: 'timed_out', retryable: true }],
  ['an answer that lacks something', (_, response) => response.writeHead(200, json).end('{"userId":"bob"}'),
    { code: 'unexpected_answer', status: 200, retryable: false, detail: 'GET /api/messages/users/{userId} doesn\'t fit its schema at /username' }],
  ['a problem of a newer server', (_, response) => response.writeHead(409, json).end('{"type":"","title":"New","status":409,"code":"brand_new","more":1}'),
    { code: 'brand_new' as ChatError['code'], status: 409, title: 'New', detail: 'New', retryable: false }]
]

for (const [what, listener, expected] of cases) {
  t.test(`${what} is an error`, async t => {
    const told: ChatError[] = []
    const baseUrl = await between(t, listener)
    const api = createClient({ baseUrl, token: 'x', timeout: expected.code === 'timed_out' ? 50 : 20_000, onError: error => told.push(error) })
    const { data, error } = await api.GET('/api/messages/users/{userId}', { params: { path: { userId: 'bob' } } })
    t.equal(data, undefined)
    t.match(error, { title: String, detail: String, ...expected })
    t.same(told, expected.code === 'unexpected_answer' ? [error] : [])
  })
}

t.test('an answer with more than is known is fine', async t => {
  const baseUrl = await between(t, (_, response) => response.writeHead(200, json).end(JSON.stringify({ ...user, colour: 'red' })))
  t.same((await createClient({ baseUrl, token: 'x' }).GET('/api/messages/users/{userId}', { params: { path: { userId: 'bob' } } })).data, { ...user, colour: 'red' })
})

t.test('nothing is an answer where there is nothing to say, by whatever method', async t => {
  const asked: Array<string | undefined> = []
  const baseUrl = await between(t, ({ method, url }, response) => {
    asked.push(method, url)
    response.writeHead(204).end()
  })
  // As if typed: the server itself is called in the tests of its routes.
  const api = createClient({ baseUrl, token: 'x' }) as unknown as Record<string, (path: string, init: object) => Promise<object>>
  for (const method of ['PUT', 'DELETE']) {
    t.match(await api[method]?.('/api/me/blocks/{userId}', { params: { path: { userId: 'a|b' } } }), { data: undefined, error: undefined, response: { status: 204 } })
  }
  t.same(asked, ['PUT', '/api/me/blocks/a%7Cb', 'DELETE', '/api/me/blocks/a%7Cb'])
})

t.test('where nobody listens there is no network', async t => {
  const api = createClient({ baseUrl: 'http://127.0.0.1:1', token: 'x' })
  t.match(await api.GET('/api/messages/users'), { error: { code: 'network_unreachable', retryable: true, cause: { name: 'TypeError' } }, response: undefined })
})

t.test('a call can be called off, before and after it was sent', async t => {
  const abort = new AbortController()
  const baseUrl = await between(t, () => abort.abort())
  const api = createClient({ baseUrl, token: 'x' })
  for (let n = 0; n < 2; n++) {
    t.match(await api.GET('/api/messages/users', { signal: abort.signal }), { error: { code: 'aborted', retryable: false } })
  }
})

t.test('what no request can be made of isn\'t sent', async t => {
  const baseUrl = await between(t, () => t.fail('nothing is sent'))
  const api = createClient({ baseUrl, token: 'x' })
  const endless: { text: string, self?: object } = { text: 'x' }
  endless.self = endless
  for (const [userId, key, body] of [['\ud800', 'key', { text: 'x' }], ['bob', 'two\nlines', { text: 'x' }], ['bob', 'key', endless]] as const) {
    const answer = await api.POST('/api/messages/{userId}', { params: { path: { userId }, header: { 'idempotency-key': key } }, body })
    t.match(answer, { error: { code: 'invalid_request', retryable: false } })
  }
})

t.test('a live client goes on while others answer in the server\'s place', async t => {
  for (const [what, listener, code] of [
    ['refused', (_, response) => response.writeHead(403, html).end('<h1>Blocked</h1>'), 'unexpected_answer'],
    ['a page', (_, response) => response.writeHead(200, html).end('<h1>Welcome</h1>'), 'unexpected_answer'],
    ['JSON', (_, response) => response.writeHead(200, json).end('{}'), 'unexpected_answer'],
    ['cut', (_, response) => response.destroy(), 'network_unreachable'],
    ['noise', (_, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('event: connected\ndata: {"userId":5}\n\n'), 'unexpected_frame']
  ] satisfies Array<[string, RequestListener, string]>) {
    const { live, states, reached, events } = follow(t, { baseUrl: await between(t, listener), token: 'x', transport: 'eventStream' })
    live.connect()
    await reached('waiting', 3)
    t.same(events, [], what)
    t.match(states.find(({ status }) => status === 'waiting'), { error: { code }, retryAt: Number }, what)
    live.close()
  }
})

t.test('a WebSocket that can\'t be made is one that failed', async t => {
  const WebSocket = class { constructor () { throw new Error('not here') } } as unknown as NonNullable<ConstructorParameters<typeof LiveClient>[0]['WebSocket']>
  const { live, states, reached } = follow(t, { baseUrl: await between(t, (_, response) => response.destroy()), token: 'x', WebSocket })
  live.connect()
  await reached('waiting', 3)
  t.match(states.find(({ status }) => status === 'waiting'), { error: { code: 'network_unreachable', cause: { message: 'not here' } } })
})

t.test('wrong options are refused in a sentence each', t => {
  const good = { baseUrl: 'http://127.0.0.1', token: 'x' }
  for (const [wrong, message] of [
    [{ baseUrl: '' }, 'The option baseUrl must be an http(s) URL without a query'],
    [{ baseUrl: 'ftp://chat.example' }, /baseUrl/],
    [{ baseUrl: 'http://chat.example?x=1' }, /baseUrl/],
    [{ baseUrl: 'http://me:secret@chat.example' }, /baseUrl/],
    [{ baseUrl: undefined }, /baseUrl/],
    [{ token: '' }, 'The option token must be a token or a function'],
    [{ token: undefined }, /token/],
    [{ timeout: 0 }, 'The option timeout must be milliseconds, above 0'],
    [{ timeout: 2 ** 31 }, /timeout/],
    [{ timeout: NaN }, /timeout/],
    [{ fetch: 'fetch' }, 'The option fetch must be a function'],
    [{ onError: {} }, /onError/]
  ] as Array<[Partial<ApiOptions>, string | RegExp]>) {
    t.throws(() => createClient({ ...good, ...wrong }), { name: 'TypeError', message })
    t.throws(() => new LiveClient({ ...good, ...wrong }), { name: 'TypeError', message })
  }
  for (const [name, value] of Object.entries({
    since: '', WebSocket: 'ws', transport: 'smoke', backoff: { base: 1 }, connectTimeout: -1, heartbeatGrace: '5'
  })) {
    t.throws(() => new LiveClient({ ...good, [name]: value }), { name: 'TypeError', message: new RegExp(`^The option ${name} must be `) })
  }
  t.end()
})

t.test('what the app throws as it is told of an error is uncaught, and ends nothing else', async t => {
  const program = `
    import { createClient } from './client/src/index.ts'
    import { createStore } from './client/src/store/index.ts'
    process.on('uncaughtException', error => console.log('uncaught: ' + error.message))
    const options = { baseUrl: 'http://chat.example', token: 'x', fetch: async () => Response.json({}), onError: ({ code }) => { throw new Error(code) } }
    const { error } = await createClient(options).GET('/api/messages/users/{userId}', { params: { path: { userId: 'bob' } } })
    console.log(error.code)
    const fail = async () => { throw new Error('full') }
    class WebSocket {
      constructor () {
        console.log('it connects')
        process.exit()
      }
    }
    createStore({ ...options, userId: 'ann', persist: true, storage: { read: fail, write: fail, delete: fail }, WebSocket, shareConnection: false }).start()`
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program])
  t.same(stdout.trim().split('\n'), ['uncaught: unexpected_answer', 'unexpected_answer', 'uncaught: storage_unavailable', 'it connects'])
})
