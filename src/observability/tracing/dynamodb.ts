import { context, SpanKind, SpanStatusCode, trace, type Attributes, type ProxyTracerProvider, type Span } from '@opentelemetry/api'
import type { Answer, Call, DatabaseClient } from '../../database/database-client.js'

/**
 * Traces the calls of a client, if tracing was started: a span for each, with the names and attributes that
 * OpenTelemetry's instrumentation of the AWS SDK gives them.
 */
export function traceDynamoDB (client: DatabaseClient): void {
  const tracer = (trace.getTracerProvider() as ProxyTracerProvider).getDelegateTracer('equilux-chat-dynamodb')
  if (tracer === undefined) return
  client.aroundCalls(async (call, next) => {
    const attributes = { ...attributesOf(call), 'cloud.region': await client.sdk.config.region() }
    const span = tracer.startSpan(`DynamoDB.${call.operation}`, { kind: SpanKind.CLIENT, attributes })
    try {
      const answer = await context.with(trace.setSpan(context.active(), span), async () => await next(call))
      noteAnswer(span, answer)
      return answer
    } catch (error) {
      noteError(span, error as Error & Partial<Answer>)
      throw error
    } finally {
      span.end()
    }
  })
}

function attributesOf ({ operation, input }: Call): Attributes {
  const { TableName: table, RequestItems: tables, ConsistentRead, ProjectionExpression, Limit, ScanIndexForward, IndexName, Select } = input as {
    TableName?: string, RequestItems?: object, ConsistentRead?: boolean, ProjectionExpression?: string, Limit?: number, ScanIndexForward?: boolean, IndexName?: string, Select?: string
  }
  return {
    'rpc.system': 'aws-api',
    'rpc.service': 'DynamoDB',
    'rpc.method': operation,
    'db.system.name': 'dynamodb',
    'db.namespace': table,
    'db.operation.name': operation,
    'aws.dynamodb.table_names': table === undefined ? tables && Object.keys(tables) : [table],
    'aws.dynamodb.consistent_read': ConsistentRead || undefined,
    'aws.dynamodb.projection': ProjectionExpression,
    'aws.dynamodb.limit': Limit,
    'aws.dynamodb.scan_forward': ScanIndexForward || undefined,
    'aws.dynamodb.index_name': IndexName,
    'aws.dynamodb.select': Select
  }
}

function noteAnswer (span: Span, answer: Answer) {
  const { $metadata, ConsumedCapacity, Count, ScannedCount } = answer as Answer & { ConsumedCapacity?: object, Count?: number, ScannedCount?: number }
  noteMetadata(span, $metadata)
  if (ConsumedCapacity !== undefined) span.setAttribute('aws.dynamodb.consumed_capacity', [ConsumedCapacity].flat().map(each => JSON.stringify(each)))
  if (Count) span.setAttribute('aws.dynamodb.count', Count)
  if (ScannedCount) span.setAttribute('aws.dynamodb.scanned_count', ScannedCount)
}

function noteError (span: Span, error: Error & Partial<Answer>) {
  noteMetadata(span, error.$metadata)
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
  span.recordException(error)
}

function noteMetadata (span: Span, { requestId, httpStatusCode }: Partial<Answer['$metadata']> = {}) {
  if (requestId !== undefined) span.setAttribute('aws.request.id', requestId)
  if (httpStatusCode !== undefined) span.setAttribute('http.response.status_code', httpStatusCode)
}
