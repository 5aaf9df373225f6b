import assert from 'node:assert/strict'
import { BatchGetCommand, BatchWriteCommand, DeleteCommand, GetCommand, PutCommand, QueryCommand, ScanCommand, TransactGetCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { marshall } from '@aws-sdk/util-dynamodb'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { clientFor, kinds, outcome } from '../support/clients.js'
import { FakeDynamoDB } from '../support/fake-dynamodb.js'

/** The SDK takes a map with a `constructor` for an instance of some class, and refuses it. */
const name = fc.oneof(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme', minLength: 1 })).filter(text => text !== '__proto__' && text !== 'constructor')
const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, min: -1e9, max: 1e9 }))
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), number, fc.boolean(), fc.constant(null), fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }),
  fc.uint8Array({ minLength: 1 }), fc.uint8Array({ minLength: 1 }).map(bytes => Buffer.from(bytes)),
  fc.uniqueArray(fc.string(), { minLength: 1 }).map(values => new Set(values)),
  fc.uniqueArray(number.filter(value => value !== 0), { minLength: 1 }).map(values => new Set(values)),
  fc.array(fc.uint8Array({ minLength: 1 }), { minLength: 1, maxLength: 3 }).map(values => new Set(values))
)
const { value } = fc.letrec(tie => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(name, tie('value'), { maxKeys: 4 }))
}))
const item = fc.dictionary(name, value, { maxKeys: 8 })
/** What can't be stored. */
const wrong = fc.oneof(fc.constantFrom(undefined, NaN, Infinity, 2 ** 60, new Date(0), Symbol('s'), new Set(), new Set([undefined]), class {}, () => {}), item)

const TableName = 'table'

async function both (t: Test) {
  const fake = await FakeDynamoDB.open(t)
  const [sdk, lean] = kinds.map(kind => clientFor(t, kind, fake.url)) as [ReturnType<typeof clientFor>, ReturnType<typeof clientFor>]
  /** The bodies that both make of one command, and what they make of the answer. */
  const send = async (command: () => object) => {
    fake.requests.length = 0
    const results = [await outcome(sdk.send(command())), await outcome(lean.send(command()))]
    return { results, bodies: fake.requests.map(({ operation, body }) => ({ operation, body })) }
  }
  return { fake, send }
}

t.test('what is written is the same, whatever is in an item', async t => {
  const { send } = await both(t)
  await fc.assert(fc.asyncProperty(item, async Item => {
    const { bodies: [stock, own] } = await send(() => new PutCommand({ TableName, Item }))
    assert.deepEqual(own, stock)
  }), { numRuns: 200 })
  t.pass('they agree')
})

t.test('what can not be written is refused with the same error, and is not sent', async t => {
  const { send } = await both(t)
  await fc.assert(fc.asyncProperty(fc.dictionary(name, wrong, { minKeys: 1, maxKeys: 3 }), async Item => {
    const { bodies, results: [stock, own] } = await send(() => new PutCommand({ TableName, Item }))
    assert.equal(own!.message, stock!.message)
    assert.ok(bodies.length === 2 || bodies.length === 0)
    assert.deepEqual(bodies[1], bodies[0])
  }), { numRuns: 200 })
  t.pass('they agree')
})

t.test('what is read is the same, whatever is in an item and in which order, and its attributes come in one order', async t => {
  const { fake, send } = await both(t)
  await fc.assert(fc.asyncProperty(item, fc.infiniteStream(fc.nat()), async (native, random) => {
    const wire = Object.fromEntries(Object.entries(jsonOf(native)).sort(() => random.next().value % 3 - 1))
    fake.script = () => ({ body: { Item: wire } })
    const { results: [stock, own] } = await send(() => new GetCommand({ TableName, Key: { pk: 'a' } }))
    assert.deepEqual(plain(own), plain(stock))
    assert.deepEqual(Object.keys((own!.value as { Item: object }).Item), inserted(Object.keys(native).sort()))
  }), { numRuns: 200 })
  t.pass('they agree')
})

t.test('every parameter and answer of an operation that holds items is converted', async t => {
  const { fake, send } = await both(t)
  const Key = { pk: 'a', sk: 1 }
  const Item = { ...Key, list: [1, 'two', { three: true }], none: null }
  const wire = jsonOf(Item)
  const values = { ExpressionAttributeValues: { ':n': 1, ':map': { a: 'b' } }, ExpressionAttributeNames: { '#n': 'n' } }
  // A table may have the name of a parameter.
  const tables = { Key: { Keys: [Key], ConsistentRead: true }, Item: { Keys: [Key] } }
  const cases: Array<[() => object, object]> = [
    [() => new GetCommand({ TableName, Key, ConsistentRead: true, ProjectionExpression: undefined }), { Item: wire, ConsumedCapacity: { TableName, CapacityUnits: 0.5 } }],
    [() => new GetCommand({ TableName, Key }), {}],
    [() => new PutCommand({ TableName, Item, ReturnValues: 'ALL_OLD', ...values }), { Attributes: wire }],
    [() => new UpdateCommand({ TableName, Key, UpdateExpression: 'SET #n = :n', ...values }), { Attributes: wire }],
    [() => new DeleteCommand({ TableName, Key, ...values }), { Attributes: wire }],
    [() => new QueryCommand({ TableName, KeyConditionExpression: '#n = :n', Limit: 3, ExclusiveStartKey: Key, ...values }), { Items: [wire, wire], Count: 2, ScannedCount: 2, LastEvaluatedKey: jsonOf(Key) }],
    [() => new ScanCommand({ TableName, ...values }), { Items: [], Count: 0 }],
    [() => new BatchGetCommand({ RequestItems: tables }), { Responses: { Key: [wire], Item: [] }, UnprocessedKeys: { Key: { Keys: [jsonOf(Key)], ConsistentRead: true } } }],
    [() => new BatchWriteCommand({ RequestItems: { Item: [{ PutRequest: { Item } }, { DeleteRequest: { Key } }] } }), { UnprocessedItems: { Item: [{ PutRequest: { Item: wire } }, { DeleteRequest: { Key: jsonOf(Key) } }] } }],
    [() => new TransactGetCommand({ TransactItems: [{ Get: { TableName, Key } }] }), { Responses: [{ Item: wire }, {}] }],
    [() => new TransactWriteCommand({
      ClientRequestToken: 'token',
      TransactItems: [
        { Put: { TableName, Item, ...values } }, { Update: { TableName, Key, UpdateExpression: 'SET #n = :n', ...values } },
        { Delete: { TableName, Key } }, { ConditionCheck: { TableName, Key, ConditionExpression: '#n = :n', ...values } }
      ]
    }), {}]
  ]
  for (const [command, body] of cases) {
    fake.script = () => ({ body })
    const { bodies: [stock, own], results: [read, ownRead] } = await send(command)
    t.strictSame(own, stock)
    t.same(plain(ownRead), plain(read))
    t.not(ownRead!.value, undefined)
  }
})

t.test('a transaction without a token gets one, the same in all attempts and another each time', async t => {
  const { fake, send } = await both(t)
  const tokens: unknown[] = []
  fake.script = ({ body }, count) => {
    tokens.push(body.ClientRequestToken)
    return count % 2 === 0 ? 'reset' : {}
  }
  await send(() => new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item: { pk: 'a' } } }] }))
  const [first, again, second, secondAgain] = tokens
  t.match(second, /^[\w-]{36}$/)
  t.equal(first, again)
  t.equal(second, secondAgain)
  t.not(first, second)
})

t.test('a transaction that needs no token can be made by both, and bears none by the lean one', async t => {
  const fake = await FakeDynamoDB.open(t)
  const tokens: unknown[] = []
  fake.script = ({ body }) => {
    tokens.push(body.ClientRequestToken)
    return {}
  }
  const TransactItems = [{ Put: { TableName, Item: { pk: 'a' } } }]
  for (const kind of kinds) await clientFor(t, kind, fake.url).call('TransactWriteItems', { TransactItems, ClientRequestToken: null })
  t.match(tokens, [/^[\w-]{36}$/, undefined])
})

/** An item as DynamoDB sends it. */
function jsonOf (item: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(marshall(item, { convertTopLevelContainer: false }), function (this: Record<string, unknown>, key: string, value: unknown) {
    return this[key] instanceof Uint8Array ? Buffer.from(this[key]).toString('base64') : value
  })) as Record<string, unknown>
}

/** An outcome without the classes that binary values and empty answers come in. */
function plain (result: unknown): unknown {
  if (result instanceof Uint8Array) return { binary: [...result] }
  if (result instanceof Set) return { set: [...result].map(plain) }
  if (Array.isArray(result)) return result.map(plain)
  if (typeof result !== 'object' || result === null) return result
  return Object.fromEntries(Object.entries(result).filter(([key]) => key !== '$metadata').map(([key, value]) => [key, plain(value)]))
}

/** Names in the order in which an object has them that got them in this order: those like integers come first. */
function inserted (names: string[]): string[] {
  return Object.keys(Object.fromEntries(names.map(name => [name, 0])))
}
