import perfHooks from 'node:perf_hooks'
import t from 'tap'
import { buildApp } from '../../../src/app.js'
import { loadConfig } from '../../../src/config/environment.js'
import { resolveSecrets } from '../../../src/config/secrets.js'
import { createLogger } from '../../../src/observability/logger.js'
import { jwtSecret, TestStream, testApp, TestUser } from '../../support/helper.js'
import { liveApp, until, upgrade } from '../../support/live.js'
import { metricOf, scrape } from './scrape.js'

const seconds = 'http_request_duration_seconds'

t.test('a scrape is Prometheus text: every sample belongs to a metric that is described', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  await alice.say('bob', 'hello')
  const response = await app.inject('/metrics')
  t.equal(response.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const { help, types, samples } = await scrape(app)
  t.same([...help.keys()], [...types.keys()])
  for (const { name } of samples) t.ok(metricOf(name, types), name)
  for (const [name, type] of types) {
    if (type === 'histogram') t.match(name, /_seconds$/)
    if (type === 'counter') t.match(name, /_total$/)
  }
  const keys = samples.map(({ name, labels }) => JSON.stringify([name, labels]))
  t.equal(new Set(keys).size, keys.length, 'each series is there once')
})

t.test('requests are measured by method, route and status; what callers make up is no label', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  t.equal((await alice.say('bob', 'hello')).statusCode, 201)
  t.equal((await alice.say('carol', 'hello')).statusCode, 201)
  t.equal((await alice.say('carol', '')).statusCode, 400)
  await app.inject('/api/messages/conversations')
  await app.inject('/no-such-thing?token=hush')
  await app.inject('/another')
  await app.inject({ method: 'PROPFIND' as never, url: '/no-such-thing' })
  await app.inject({ method: 'DELETE', url: '/health' })
  const { value, samples } = await scrape(app)
  const count = (method: string, route: string, status: number) =>
    value(`${seconds}_count`, { method, route, status_code: `${status}` })
  t.equal(count('POST', '/api/messages/:userId', 201), 2)
  t.equal(count('POST', '/api/messages/:userId', 400), 1)
  t.equal(count('GET', '/api/messages/conversations', 401), 1)
  t.equal(count('GET', 'unmatched', 404), 2)
  t.equal(count('OTHER', 'unmatched', 404), 1)
  t.equal(count('DELETE', '/health', 405), 1)
  t.ok(value(`${seconds}_sum`, { route: '/api/messages/:userId' })! > 0)
  const routes = new Set(samples.filter(({ name }) => name === `${seconds}_count`).map(({ labels }) => labels.route))
  t.same([...routes].sort(), ['/api/messages/:userId', '/api/messages/conversations', '/health', 'unmatched'])
})

t.test('how long live connections last is not the duration of a request', async t => {
  const { app, url, open, user } = await liveApp(t, { env: { SSE_MAX_SECONDS: '5' }, hubLimits: { tick: 50 } })
  const socket = await open('alice')
  const stream = await TestStream.open(t, url, { authorization: `Bearer ${user('bob').token}` })
  t.equal((await scrape(app)).value(`${seconds}_count`, { route: '/api/events', status_code: '200' }), 1, 'it has begun')
  await stream.closed
  socket.socket.close()
  await socket.closed
  t.equal((await upgrade(url, { authorization: 'Bearer bad' })).status, 401)
  await until('all have left', () => app.hub.size.connections === 0)
  const { value } = await scrape(app)
  t.equal(value(`${seconds}_count`, { route: '/api/events' }), 1, 'and is counted once')
  t.ok(value(`${seconds}_sum`, { route: '/api/events' })! < 4)
  t.equal(value(`${seconds}_count`, { route: '/api/ws' }), 1, 'the refused one')
  t.equal(value(`${seconds}_count`, { route: '/api/ws', status_code: '401' }), 1)
})

t.test('a scrape needs no token and no database, isn\'t limited and isn\'t logged', async t => {
  let log = ''
  const config = await resolveSecrets(loadConfig({
    NODE_ENV: 'test', JWT_SECRET: jwtSecret, RATE_LIMIT_MAX: '1', DYNAMODB: 'http://127.0.0.1:1'
  }))
  const app = await buildApp({ config, log: createLogger(config, { write: line => { log += line } }) })
  t.teardown(() => app.close())
  for (let n = 0; n < 5; n++) {
    const response = await app.inject('/metrics')
    t.equal(response.statusCode, 200)
    t.notMatch(Object.keys(response.headers).join(), /ratelimit/)
  }
  t.equal(log, '')
})

t.test('two apps in a process don\'t mix', async t => {
  const [first, second] = [await testApp(t), await testApp(t)]
  await new TestUser(first, 'alice').say('bob', 'hello')
  t.equal((await scrape(first)).value('equilux_messages_accepted_total', { type: 'text' }), 1)
  t.equal((await scrape(second)).value('equilux_messages_accepted_total', { type: 'text' }), 0)
  t.equal((await scrape(second)).value(`${seconds}_count`, { method: 'POST' }), undefined)
  await first.close()
  const { value } = await scrape(second)
  t.ok(value('nodejs_eventloop_lag_p99_seconds')! >= 0)
  t.ok(value('process_resident_memory_bytes')! > 0)
})

t.test('the process is observed once, however many apps there are in it', async t => {
  const hooks = perfHooks as { -readonly [Name in keyof typeof perfHooks]: typeof perfHooks[Name] }
  const { monitorEventLoopDelay } = hooks
  let monitors = 0
  hooks.monitorEventLoopDelay = options => {
    monitors++
    return monitorEventLoopDelay(options)
  }
  t.teardown(() => { hooks.monitorEventLoopDelay = monitorEventLoopDelay })
  for (let n = 0; n < 5; n++) {
    const app = await testApp(t)
    t.ok((await scrape(app)).value('nodejs_eventloop_lag_p99_seconds')! >= 0)
    await app.close()
  }
  t.ok(monitors <= 1)
})
