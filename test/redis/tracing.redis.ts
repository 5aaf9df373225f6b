import t from 'tap'
import { until } from '../support/live.js'
import { startCollector } from '../support/otlp-collector.js'
import { start, tokenFor } from '../support/server-process.js'
import { RedisServer } from './instances.js'

t.test('what a request asks of Redis is in its trace, without what was said', async t => {
  const redis = await RedisServer.start(t)
  const collector = await startCollector(t)
  const server = await start(t, t.testdir(), {
    REDIS_URL: redis.url, RATE_LIMIT_MAX: '600', OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '100'
  })
  const headers = { authorization: `Bearer ${await tokenFor('alice-of-the-hill')}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ text: 'sunny-tomorrow' })
  t.equal((await fetch(`${server.url}/api/messages/bob-of-the-lake`, { method: 'POST', headers, body })).status, 201)
  const named = (name: string) => collector.spans().filter(span => span.name === name)
  await until('the request is told', () => named('POST /api/messages/:userId').length === 1 && named('publish').length === 2)
  const [request] = named('POST /api/messages/:userId')
  for (const publish of named('publish')) t.match(publish, { traceId: request!.traceId, parentId: request!.spanId })
  for (const secret of ['sunny', 'alice-of', 'bob-of']) t.notOk(collector.bytes().includes(secret), secret)
})
