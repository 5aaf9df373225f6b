import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { version } from '../../documents/about.js'
import { DiscreetExporter } from './discreet-exporter.js'
import { traceRequests } from './requests.js'

/** How long the end of the process may wait for the collector, in milliseconds. */
const patience = 3000

/**
 * Traces requests, calls of DynamoDB and Redis commands within them. The standard variables (OTEL_SERVICE_NAME,
 * OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_…, OTEL_BSP_…) apply.
 */
export function startOpenTelemetry (): () => Promise<void> {
  const tell = (message: string, ...rest: unknown[]) => process.emitWarning([message, ...rest].join(' '), 'TracingWarning')
  diag.setLogger({ error: tell, warn: tell, info: tell, debug: tell, verbose: tell }, DiagLogLevel.WARN)

  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'equilux-chat', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new DiscreetExporter(new OTLPTraceExporter()))]
  })
  provider.register()
  traceRequests()
  // The arguments of commands hold events.
  const instrumentation = new IORedisInstrumentation({ dbStatementSerializer: command => command })
  // It alters what is required, and what is imported later is the same: no loader has to stand between all modules.
  createRequire(import.meta.url)('ioredis')

  return async () => {
    instrumentation.disable()
    const sent = provider.shutdown().catch((error: Error) => tell(`Traces could not be sent: ${error.message}`))
    await Promise.race([sent, sleep(patience, undefined, { ref: false })])
  }
}
