import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'

/** Exports spans without the texts of errors, which may quote what somebody said. The log has them. */
export class DiscreetExporter implements SpanExporter {
  constructor (private readonly exporter: SpanExporter) {}

  export: SpanExporter['export'] = (spans, done) => this.exporter.export(spans.map(withoutTexts), done)

  async shutdown (): Promise<void> {
    await this.exporter.shutdown()
  }

  async forceFlush (): Promise<void> {
    await this.exporter.forceFlush?.()
  }
}

function withoutTexts (span: ReadableSpan): ReadableSpan {
  const events = span.events.map(event => ({ ...event, attributes: { 'exception.type': event.attributes?.['exception.type'] } }))
  return Object.create(span, {
    status: { value: { code: span.status.code } },
    events: { value: events }
  })
}
