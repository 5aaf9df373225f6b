import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import { until } from '../support/live.js'
import { startCollector } from '../support/otlp-collector.js'
import { launch, start, tokenFor } from '../support/server-process.js'

// Most of the time is spent waiting.
t.jobs = 3

const soon = { OTEL_BSP_SCHEDULE_DELAY: '100' }

t.test('a request and what it asks of the database are one trace, and nothing in it was said by anybody', { buffered: true }, async t => {
  const collector = await startCollector(t)
  const token = await tokenFor('alice-of-the-hill')
  const server = await start(t, t.testdir(), {
    ...soon, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'chat-under-test', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=here'
  })
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': 'key-of-hers',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  }
  const post = async (body: string, query = '') =>
    (await fetch(`${server.url}/api/messages/bob-of-the-lake${query}`, { method: 'POST', headers, body })).status
  t.equal(await post('{"text":"sunny-tomorrow"}', '?note=hush'), 201)
  t.equal(await post('{"text":sunny-tomorrow}'), 400)
  t.equal(await post('{"text":"sunny-tomorrow","sunny":1}'), 400)
  t.equal((await fetch(`${server.url}/nowhere/hush`, { headers: { ...headers, authorization: 'Bearer hush' } })).status, 404)
  for (const path of ['/health', '/metrics', '/ready?note=hush']) await fetch(`${server.url}${path}`)
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/ws`, { headers })
  await once(socket, 'message')
  socket.send(JSON.stringify({ type: 'read', id: '1', data: { userId: 'bob-of-the-lake', seq: 1 } }))
  await once(socket, 'message')
  socket.close()

  const named = (name: string) => collector.spans().filter(span => span.name === name)
  await until('the spans come', () => named('POST /api/messages/:userId').length === 3)
  const request = named('POST /api/messages/:userId')[0]!
  t.equal(request.traceId, '0af7651916cd43dd8448eb211c80319c', 'it goes on with the caller\'s trace')
  t.equal(request.parentId, 'b7ad6b7169203331')
  const write = named('DynamoDB.TransactWriteItems')[0]!
  t.match(write, { traceId: request.traceId, parentId: request.spanId })
  t.match(named('DynamoDB.GetItem')[0], { traceId: request.traceId, parentId: request.spanId })

  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
  t.same(new Set(collector.requests), new Set(['POST /v1/traces application/x-protobuf']))
  const bytes = collector.bytes()
  for (const wanted of ['chat-under-test', 'deployment.environment.name', 'equilux-chat']) t.ok(bytes.includes(wanted), wanted)
  for (const secret of [token, token.split('.')[2]!, 'sunny', 'hush', 'key-of-hers', 'alice-of-the-hill', 'bob-of-the-lake', '/health', '/metrics']) {
    t.notOk(bytes.includes(secret), secret)
  }
})

t.test('what was not sent before is sent at the end; the sampler and the endpoint of traces apply, from a file too', { buffered: true }, async t => {
  const collector = await startCollector(t)
  const folder = t.testdir()
  writeFileSync(join(folder, '.env'), `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${collector.url}/elsewhere\nOTEL_BSP_SCHEDULE_DELAY=600000\n`)
  const server = await start(t, folder)
  await fetch(`${server.url}/api/messages/users`)
  t.same(collector.requests, [])
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
  t.same(collector.requests, ['POST /elsewhere application/x-protobuf'])
  t.ok(collector.spans().some(({ name }) => name === 'GET /api/messages/users'))

  const silent = await start(t, folder, { OTEL_TRACES_SAMPLER: 'always_off' })
  await fetch(`${silent.url}/api/messages/users`)
  silent.child.kill('SIGTERM')
  t.equal(await silent.exited, 0)
  t.equal(collector.requests.length, 1)
})

t.test('a collector that is away holds nothing up', { buffered: true }, async t => {
  const server = await start(t, t.testdir(), { ...soon, NODE_NO_WARNINGS: '', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  t.equal((await fetch(`${server.url}/api/messages/users`, { headers: { authorization: `Bearer ${await tokenFor('alice')}` } })).status, 200)
  const at = Date.now()
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
  t.ok(Date.now() - at < 8000)
})

t.test('without a place for traces nothing is sent, and nothing that takes part in tracing is loaded', { buffered: true }, async t => {
  const loaded = async (env: Record<string, string>) => {
    const folder = t.testdir()
    const list = join(folder, 'loaded')
    // At the end the process lists what it has loaded.
    writeFileSync(join(folder, 'list.cjs'),
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, Object.keys(require('module')._cache).join('\\n')))`)
    const server = launch(t, folder, { NODE_ENV: 'production', JWT_SECRET: '', ...env }, ['--require', './list.cjs'])
    t.equal(await server.exited, 1, 'it refuses to start once all is loaded')
    return readFileSync(list, 'utf8')
  }
  const tracing = /@opentelemetry\/(?!api\/)|@fastify\/otel/
  t.notMatch(await loaded({}), tracing)
  t.notMatch(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }), tracing)
  t.match(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }), tracing)
})
