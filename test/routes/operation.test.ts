import { Socket } from 'node:net'
import t from 'tap'
import { testApp } from '../support/helper.js'
import { refused } from '../support/problem.js'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/config/environment.js'
import { resolveSecrets } from '../../src/config/secrets.js'
import { createLogger } from '../../src/observability/logger.js'

t.test('a server with its database is alive and ready', async t => {
  const app = await testApp(t)
  for (const url of ['/health', '/ready']) {
    const response = await app.inject(url)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), url === '/ready' ? { status: 'ok', redis: 'off', clock: 'ok' } : { status: 'ok' })
    t.equal((await app.inject({ method: 'HEAD', url })).statusCode, 200)
  }
})

t.test('a server without its database is alive and not ready', async t => {
  const config = await resolveSecrets(loadConfig({
    NODE_ENV: 'test', LOG_LEVEL: 'silent', JWT_SECRET: 'a secret that only the tests know', DYNAMODB: 'http://127.0.0.1:1'
  }))
  const app = await buildApp({ config, log: createLogger(config) })
  t.teardown(() => app.close())
  t.equal((await app.inject('/health')).statusCode, 200)
  const response = await app.inject('/ready')
  const problem = refused(t, response, 'database_unavailable')
  t.match(response.headers['retry-after'], /^\d+$/)
  t.notMatch(JSON.stringify(problem), /127\.0\.0\.1|ECONNREFUSED/, 'and says nothing of where it is')
  const token = app.jwt.sign({ sub: 'alice' }, { expiresIn: '1h' })
  const headers = { authorization: `Bearer ${token}` }
  for (const request of [
    { url: '/api/messages/bob' },
    { url: '/api/messages/conversations' },
    { url: '/api/messages/users' },
    { url: '/api/messages/bob', method: 'POST', payload: { text: 'hello' } },
    { url: '/api/messages/conversations/bob/read', method: 'POST', payload: { seq: 1 } }
  ] as const) {
    const response = await app.inject({ ...request, headers })
    refused(t, response, 'database_unavailable', request.url)
    t.match(response.headers['retry-after'], /^\d+$/)
  }
})

t.test('a server without its table is not ready', async t => {
  const { config, dynamodb } = await testApp(t)
  t.ok(dynamodb)
  const app = await buildApp({ config: { ...config, TABLE_NAME: 'nowhere' }, log: createLogger(config) })
  t.teardown(() => app.close())
  refused(t, await app.inject('/ready'), 'database_unavailable')
})

t.test('the OpenAPI document is the one of the routes', async t => {
  const app = await testApp(t)
  const response = await app.inject('/openapi.json')
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], /^application\/json/)
  t.same(response.json(), JSON.parse(JSON.stringify(app.swagger())))
  t.match(response.json(), { openapi: /^3\.1\./, paths: { '/health': {}, '/api/messages/{userId}': {} } })
})

t.test('the reference page is shown with everything it needs from this server', async t => {
  const app = await testApp(t)
  const response = await app.inject('/docs')
  t.equal(response.statusCode, 200)
  t.match(response.headers['content-type'], /^text\/html/)
  const assets = [...response.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
  t.ok(assets.length > 2)
  for (const asset of assets) {
    t.equal((await app.inject(new URL(asset, 'http://localhost/docs').pathname)).statusCode, 200, asset)
  }
})

t.test('the server asks nothing of the database until the first request', async t => {
  const connect = Socket.prototype.connect
  let connections = 0
  Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    connections++
    return Reflect.apply(connect, this, args)
  } as typeof connect
  t.teardown(() => { Socket.prototype.connect = connect })
  const config = await resolveSecrets(loadConfig({
    NODE_ENV: 'test', LOG_LEVEL: 'silent', JWT_SECRET: 'a secret that only the tests know', DYNAMODB: 'http://127.0.0.1:1'
  }))
  const app = await buildApp({ config, log: createLogger(config) })
  await app.ready()
  t.equal((await app.inject('/openapi.json')).statusCode, 200)
  t.equal((await app.inject('/health')).statusCode, 200)
  await app.close()
  t.equal(connections, 0)
})
