import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { listen, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { appWithWebApp } from './built-app.js'

// They share one server; the last has its own.
const shared = appWithWebApp(t)

const views = ['/', '/conversations', '/conversations/bob', '/conversations/auth0%7Cbob', '/trades', '/analytics', '/settings', '/operator', '/sign-in']

t.test('every view is the same page, of which it is asked each time whether it has changed', async t => {
  const app = await shared
  for (const url of views) {
    for (const accept of ['text/html', 'application/json', '*/*;q=zero', ',;=', undefined]) {
      const response = await app.inject({ url: `${url}?code=1`, headers: accept === undefined ? {} : { accept } })
      t.match(response.body, /^<!doctype html>/, url)
      t.equal(response.headers['content-type'], 'text/html; charset=utf-8')
      t.equal(response.headers['cache-control'], 'no-cache')
    }
  }
  const { headers } = await app.inject('/trades')
  t.equal((await app.inject({ url: '/trades', headers: { 'if-none-match': String(headers.etag) } })).statusCode, 304)
})

t.test('what has a digest in its name is kept for good, and everything else asked for again', async t => {
  const app = await shared
  const files: Record<string, [type: RegExp, caching: string]> = {
    '/assets/main-Ab12.js': [/^(text|application)\/javascript/, 'public, max-age=31536000, immutable'],
    '/assets/main-Ab12.css': [/^text\/css/, 'public, max-age=31536000, immutable'],
    '/icons/icon.svg': [/^image\/svg\+xml/, 'no-cache'],
    '/manifest.webmanifest': [/^application\/manifest\+json/, 'no-cache'],
    '/sw.js': [/^(text|application)\/javascript/, 'no-cache']
  }
  for (const [url, [type, caching]] of Object.entries(files)) {
    const { statusCode, headers } = await app.inject(url)
    t.equal(statusCode, 200, url)
    t.match(headers['content-type'], type)
    t.equal(headers['cache-control'], caching)
    t.equal(headers['x-content-type-options'], 'nosniff')
  }
})

t.test('who understands it gets what was compressed beforehand', async t => {
  const app = await shared
  const ask = async (encodings: string) => await app.inject({ url: '/assets/main-Ab12.js', headers: { 'accept-encoding': encodings } })
  const [plain, small] = [await ask('identity'), await ask('gzip, deflate, br')]
  t.equal(small.headers['content-encoding'], 'br')
  t.match(small.headers['content-type'], /javascript/)
  t.ok(small.rawPayload.length < plain.rawPayload.length / 4)
  t.equal(plain.headers['content-encoding'], undefined)
  for (const { headers } of [plain, small]) t.match(headers.vary, /\bAccept-Encoding\b/)
  t.equal((await app.inject({ url: '/sw.js', headers: { 'accept-encoding': 'br' } })).body, '// a worker', 'what has no smaller form comes as it is')
})

t.test('nothing is served that isn\'t the app\'s', async t => {
  const app = await shared
  const url = await listen(app)
  const paths = [
    '/index.html', '/secret.txt', '/.inputs', '/assets/', '/assets', '/icons/', '/assets/.hidden', '/assets/nothing.js',
    '/assets/../../secret.txt', '/assets/..%2f..%2fsecret.txt', '/assets/%2e%2e/%2e%2e/secret.txt', '/assets/..%5c..%5csecret.txt', '/assets/..%2findex.html',
    '/assets/%2fetc%2fpasswd', '//etc/passwd', '/assets//../../secret.txt', '/assets/main-Ab12.js%00', '/assets/main-Ab12.js%00.css', '/assets/..%252f..%252fsecret.txt',
    '/icons/../../../package.json', '/trades/', '/trades/x', '/conversations/bob/x', '/Trades'
  ]
  for (const path of paths) {
    // Sent as it is: what makes a request of a URL would take the dots out.
    const answer = await raw(url, `GET ${path} HTTP/1.1`)
    t.match(answer, /^HTTP\/1\.1 40[04] /, path)
    t.match(answer, /"code":"(route_not_found|malformed_request)"/, path)
    t.notMatch(answer, /not for you|root:/, path)
  }
  t.match(await raw(url, 'GET /sw.js HTTP/1.1'), /^HTTP\/1\.1 200 /, 'the server is as well as before')
})

t.test('views and files can be asked for their heads, and nothing else can be done to them', async t => {
  const app = await shared
  for (const url of [...views, '/sw.js', '/manifest.webmanifest', '/app-config.json']) {
    const { statusCode, body, headers } = await app.inject({ method: 'HEAD', url })
    t.same([statusCode, body], [200, ''], url)
    t.ok(Number(headers['content-length']) > 0)
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH'] as const) {
      if (method === 'POST' && url === '/sign-in') continue
      const response = await app.inject({ method, url })
      refused(t, response, 'method_not_allowed', `${method} ${url}`)
      t.equal(response.headers.allow, url === '/sign-in' ? 'POST, GET, HEAD' : 'GET, HEAD')
    }
  }
})

t.test('the app takes no path from the API', async t => {
  const app = await shared
  refused(t, await app.inject('/api/messages/conversations'), 'token_missing')
  t.equal((await new TestUser(app, 'alice').get('/conversations')).statusCode, 200)
  for (const url of ['/health', '/openapi.json', '/asyncapi.json', '/docs/']) t.equal((await app.inject(url)).statusCode, 200, url)
  refused(t, await app.inject('/nowhere'), 'route_not_found')
})

t.test('WEB_APP=off leaves nothing of it', async t => {
  const app = await appWithWebApp(t, { env: { WEB_APP: 'off' } })
  for (const url of [...views, '/sw.js', '/assets/main-Ab12.js', '/app-config.json']) refused(t, await app.inject(url), 'route_not_found', url)
  refused(t, await app.inject({ method: 'POST', url: '/sign-in', payload: { name: 'Alice' } }), 'route_not_found')
})

/** What a server answers to a request line. */
async function raw (url: string, line: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`${line}\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  return await text(socket)
}
