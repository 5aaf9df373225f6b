import t, { type Test } from 'tap'
import { testApp, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { refused } from '../support/problem.js'

const env = { CLIENT_URL: 'https://app.example.com, http://localhost:5173' }

const preflight = (app: Awaited<ReturnType<typeof testApp>>, origin: string, url = '/api/messages/bob') => app.inject({
  method: 'OPTIONS',
  url,
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,idempotency-key' }
})

async function withUser (t: Test, environment: Record<string, string> = env) {
  const app = await testApp(t, { env: environment })
  return { app, alice: new TestUser(app, 'alice') }
}

t.test('pages of the listed origins may read answers, those of others may not', async t => {
  const { alice } = await withUser(t)
  const get = (origin?: string) => alice.request({ url: '/api/messages/bob', ...(origin !== undefined && { headers: { origin } }) })
  for (const origin of ['https://app.example.com', 'http://localhost:5173']) {
    const response = await get(origin)
    t.equal(response.statusCode, 200)
    t.equal(response.headers['access-control-allow-origin'], origin)
    t.match(String(response.headers.vary), /origin/i)
    const exposed = String(response.headers['access-control-expose-headers']).toLowerCase().split(', ')
    for (const header of ['idempotent-replayed', 'retry-after', 'ratelimit-remaining', 'x-request-id', 'etag', 'content-language']) t.ok(exposed.includes(header), header)
    t.notOk(response.headers['access-control-allow-credentials'], 'tokens are sent in a header, not in cookies')
  }
  const others = [
    'https://evil.example', 'https://app.example.com.evil.example', 'http://app.example.com', 'https://app.example.com:8443',
    'https://APP.example.com', 'null', 'https://sub.app.example.com', 'app.example.com'
  ]
  for (const origin of others) t.notOk((await get(origin)).headers['access-control-allow-origin'], origin)
  t.notOk((await get()).headers['access-control-allow-origin'])
})

t.test('a preflight needs no token and names what may be sent', async t => {
  const { app } = await withUser(t)
  for (const url of ['/api/messages/bob', '/api/messages/conversations/bob/read', '/api/messages/conversations', '/health']) {
    const response = await preflight(app, 'https://app.example.com', url)
    t.equal(response.statusCode, 204)
    t.equal(response.body, '')
    t.equal(response.headers['access-control-allow-origin'], 'https://app.example.com')
    t.equal(response.headers['access-control-allow-methods'], 'GET, POST, PUT, PATCH, DELETE')
    const allowed = String(response.headers['access-control-allow-headers']).toLowerCase().split(', ')
    for (const header of ['authorization', 'content-type', 'idempotency-key', 'last-event-id', 'if-match', 'accept-language', 'if-none-match', 'x-amz-checksum-sha256', 'x-amz-tagging']) t.ok(allowed.includes(header), header)
    t.equal(response.headers['access-control-max-age'], '600')
  }
  t.notOk((await preflight(app, 'https://evil.example')).headers['access-control-allow-origin'])
})

t.test('refusals can be read by the page too', async t => {
  const { app, alice } = await withUser(t)
  const headers = { origin: 'https://app.example.com' }
  const responses = {
    401: await app.inject({ url: '/api/messages/bob', headers }),
    400: await alice.request({ url: '/api/messages/alice', headers }),
    404: await app.inject({ url: '/nowhere', headers }),
    405: await app.inject({ method: 'PUT', url: '/health', headers })
  }
  for (const [status, response] of Object.entries(responses)) {
    t.equal(response.statusCode, Number(status))
    t.equal(response.headers['access-control-allow-origin'], 'https://app.example.com', status)
  }
})

t.test('a list of * lets every page in', async t => {
  const { app, alice } = await withUser(t, {})
  const response = await alice.request({ url: '/api/messages/bob', headers: { origin: 'https://anything.example' } })
  t.equal(response.headers['access-control-allow-origin'], '*')
  t.equal((await preflight(app, 'https://anything.example')).headers['access-control-allow-origin'], '*')
})

t.test('no page may call what is for integrations, wherever it is from', async t => {
  for (const environment of [env, {}]) {
    const { app } = await withUser(t, environment)
    const machine = await TestIntegration.make(app, ['messages'])
    const origin = 'https://app.example.com'
    const paths = ['/me', '/users/bob', '/nowhere']
    const responses = await Promise.all(paths.flatMap(path => [
      preflight(app, origin, `/api/integrations${path}`),
      machine.request({ url: `/api/integrations${path}`, headers: { origin } }),
      app.inject({ method: 'DELETE', url: `/api/integrations${path}`, headers: { origin } }),
      app.inject({ url: `/api/integrations${path}`, headers: { origin } })
    ]))
    t.ok(responses.some(({ statusCode }) => statusCode === 200))
    for (const { headers, raw: { req: { method, url } } } of responses) {
      t.same(Object.keys(headers).filter(name => name.startsWith('access-control-')), [], `${method} ${url}`)
    }
    refused(t, await preflight(app, origin, '/api/integrations/me'), 'route_not_found')
  }
})
