import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import t from 'tap'
import { DiscreetExporter } from '../../../src/observability/tracing/discreet-exporter.js'

t.test('what an error says is left out, what kind of error it was is not', async t => {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(new DiscreetExporter(exporter))] })
  const span = provider.getTracer('test').startSpan('a span', { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'dynamodb' } })
  const error = new TypeError('sunny tomorrow')
  span.recordException(error)
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
  const { traceId } = span.spanContext()
  span.end()
  await provider.forceFlush()
  const [exported] = exporter.getFinishedSpans()
  t.match(exported, { name: 'a span', kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'dynamodb' } })
  t.equal(exported!.spanContext().traceId, traceId)
  t.ok(exported!.duration[1] > 0)
  t.strictSame(exported!.status, { code: SpanStatusCode.ERROR })
  t.strictSame(exported!.events.map(({ name, attributes }) => ({ name, attributes })), [
    { name: 'exception', attributes: { 'exception.type': 'TypeError' } }
  ])
  await provider.shutdown()
})
