import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import t, { type Test } from 'tap'
import { traceDynamoDB } from '../../../src/observability/tracing/dynamodb.js'
import { clientFor, type Kind } from '../../support/clients.js'
import { FakeDynamoDB, type Reply } from '../../support/fake-dynamodb.js'

const exporter = new InMemorySpanExporter()
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
provider.register()
t.teardown(async () => {
  trace.disable()
  context.disable()
  await provider.shutdown()
})

const TableName = 'table'
const Key = { pk: 'a' }
const calls: Array<{ command: () => object, replies: Reply[] }> = [
  {
    command: () => new QueryCommand({ TableName, IndexName: 'gsi1', KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': 'a' }, Limit: 3, ScanIndexForward: true }),
    replies: [{ body: { Items: [{ pk: { S: 'a' } }], Count: 1, ScannedCount: 2 } }]
  },
  {
    command: () => new GetCommand({ TableName, Key, ConsistentRead: true, ProjectionExpression: 'pk', ReturnConsumedCapacity: 'TOTAL' }),
    replies: ['reset', { body: { ConsumedCapacity: { TableName, CapacityUnits: 1 } } }]
  },
  { command: () => new BatchGetCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }), replies: [{ body: { Responses: {} } }] },
  {
    command: () => new PutCommand({ TableName, Item: Key }),
    replies: [{ status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', message: 'The conditional request failed' } }]
  }
]

/** What spans tell of the calls, made within a span, by one of the clients. */
async function spansOf (test: Test, kind: Kind) {
  const fake = await FakeDynamoDB.open(test)
  const client = clientFor(test, kind, fake.url)
  traceDynamoDB(client)
  const parent = trace.getTracer('test').startSpan('request')
  for (const { command, replies } of calls) {
    const left = [...replies]
    fake.script = () => left.shift() ?? 'reset'
    await context.with(trace.setSpan(context.active(), parent), async () => await client.send(command()).catch(() => {}))
  }
  const spans = exporter.getFinishedSpans().map(span => ({
    name: span.name,
    kind: span.kind,
    attributes: span.attributes,
    status: span.status,
    events: span.events.map(({ name }) => name),
    isChild: span.parentSpanContext?.spanId === parent.spanContext().spanId
  }))
  exporter.reset()
  return spans
}

t.test('a call is one span, whatever its attempts, and tells the same of both clients', async t => {
  const [stock, own] = [await spansOf(t, 'sdk'), await spansOf(t, 'lean')]
  t.strictSame(own, stock)
  t.same(own.map(({ name }) => name), ['DynamoDB.Query', 'DynamoDB.GetItem', 'DynamoDB.BatchGetItem', 'DynamoDB.PutItem'])
  t.ok(own.every(span => span.isChild && span.kind === SpanKind.CLIENT))
  const [query, get, batch, put] = own
  const common = { 'rpc.system': 'aws-api', 'rpc.service': 'DynamoDB', 'db.system.name': 'dynamodb', 'cloud.region': 'eu-central-1', 'aws.dynamodb.table_names': [TableName] }
  t.match(query!.attributes, {
    ...common,
    'rpc.method': 'Query',
    'aws.dynamodb.index_name': 'gsi1',
    'aws.dynamodb.limit': 3,
    'aws.dynamodb.scan_forward': true,
    'aws.dynamodb.count': 1,
    'aws.dynamodb.scanned_count': 2,
    'aws.request.id': 'request-1',
    'http.response.status_code': 200
  })
  t.match(get!.attributes, {
    ...common, 'aws.dynamodb.consistent_read': true, 'aws.dynamodb.projection': 'pk', 'aws.dynamodb.consumed_capacity': [JSON.stringify({ TableName, CapacityUnits: 1 })]
  })
  t.match(batch!.attributes, common)
  t.match(put, { attributes: { ...common, 'http.response.status_code': 400 }, status: { code: SpanStatusCode.ERROR }, events: ['exception'] })
  t.match([query, get, batch].map(span => span!.status.code), Array(3).fill(SpanStatusCode.UNSET))
})
