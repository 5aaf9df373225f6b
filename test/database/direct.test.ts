import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { createEntities } from '../../src/database/entities/index.js'
import { intercept, leaveUnprocessed } from '../support/faults.js'
import { testApp } from '../support/helper.js'
import { clientFor } from '../support/clients.js'

/** Items of each entity, with and without what may be missing, and the attributes of their keys. */
const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const count = fc.nat(999_999_999)
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const messageType = fc.constantFrom('text', 'tradeOffer', 'tradeResponse')
const action = fc.constantFrom('offer', 'counter', 'accept', 'reject', 'withdraw', 'expire')
const lastMessage = fc.record({ senderId: id, messageType, text: optional(id), action: optional(action), revision: optional(count), timestamp: id })
const move = fc.record({
  action,
  by: fc.constantFrom('sender', 'receiver', 'time'),
  at: count,
  seq: count,
  text: optional(id),
  price: optional(count),
  currency: optional(id),
  amount: optional(count),
  startAt: optional(count),
  endAt: optional(count),
  expiresAt: optional(count)
})
const terms = fc.record({ by: fc.constantFrom('sender', 'receiver'), price: count, currency: id, amount: count, startAt: count, endAt: optional(count) })
const items = {
  conversation: fc.record({
    conversationId: id,
    firstId: id,
    secondId: id,
    seq: count,
    firstSent: count,
    secondSent: count,
    firstReadSeq: optional(count),
    firstReadCount: optional(count),
    secondReadSeq: optional(count),
    secondReadCount: optional(count),
    indexedAt: count,
    lastMessage
  }),
  message: fc.record({
    conversationId: id,
    seq: count,
    messageId: id,
    senderId: id,
    receiverId: id,
    senderCount: count,
    messageType,
    text: optional(id),
    offerId: optional(id),
    action: optional(action),
    revision: optional(count),
    via: optional(id),
    timestamp: id
  }),
  tradeOffer: fc.record({
    messageId: id,
    senderId: id,
    receiverId: id,
    tradeType: fc.constantFrom('sell', 'buy'),
    status: fc.constantFrom('pending', 'accepted'),
    awaiting: fc.constantFrom('sender', 'nobody'),
    createdAt: count,
    expiresAt: count,
    stage: fc.constantFrom('open', 'closed'),
    revision: count,
    updatedAt: count,
    terms,
    version: count,
    moves: fc.array(move, { maxLength: 4 })
  }),
  user: fc.record({ userId: id, username: id, nameKey: id, lastSeenAt: optional(id), locale: optional(id), shard: fc.nat(3) }),
  idempotencyKey: fc.record({ userId: id, key: id, fingerprint: id, conversationId: id, seq: count, ttl: count }),
  integration: fc.record({
    integrationId: id,
    name: id,
    scopes: fc.array(fc.constantFrom('trades', 'messages'), { maxLength: 2 }),
    keys: fc.array(fc.record({ id, hash: id, createdAt: count, endsAt: optional(count) }), { maxLength: 2 }),
    isDisabled: fc.boolean(),
    version: count
  }),
  work: fc.record({
    shard: fc.nat(7),
    dueAt: count,
    kind: id,
    subject: id,
    untold: optional(count),
    upTo: optional(count),
    markedAt: optional(count),
    attempt: optional(count),
    claimedUntil: optional(count),
    data: optional(fc.record({ text: id, count }))
  }),
  endpoint: fc.record({
    integrationId: id,
    endpointId: id,
    url: id,
    events: fc.array(id, { maxLength: 3 }),
    description: optional(id),
    state: fc.constantFrom('enabled', 'disabled'),
    reason: optional(fc.constantFrom('asked', 'gone', 'failing')),
    secretVersion: count,
    previousUntil: optional(count),
    failingSince: optional(count),
    createdAt: count,
    fingerprint: optional(id)
  }),
  waitingLane: fc.record({ endpointId: id, conversationId: id, integrationId: id, dueAt: count, failed: count, ttl: count }),
  delivery: fc.record({
    endpointId: id,
    eventAt: count,
    eventId: id,
    eventType: id,
    conversationId: optional(id),
    seq: optional(count),
    detail: optional(fc.record({ offerId: id, hoursLeft: count })),
    state: fc.constantFrom('pending', 'delivered', 'failed', 'held'),
    attempts: count,
    lastStatus: optional(count),
    lastFault: optional(id),
    nextAt: optional(count),
    ttl: count
  }),
  lane: fc.record({ endpointId: id, conversationId: id, next: count, upTo: count, busy: fc.boolean(), ttl: count })
}
type Name = keyof typeof items
type Stored = Record<string, unknown>
/** Both ways, without the types of one entity. */
interface Ways {
  electro: { put: (item: Stored) => { params: () => { Item: Stored } }, get: (item: Stored) => { params: () => { Key: Stored } }, parse: (answer: object) => { data: Stored } }
  direct: { put: (item: Stored, condition: object) => { Put: { Item: Stored } }, update: (key: Stored, change: Stored, condition: object) => { Update: { Key: Stored } }, load: (item: Stored) => Stored }
}

for (const name of Object.keys(items) as Name[]) {
  t.test(`${name}: what is stored, its keys and what is read of it are as ElectroDB has them`, async t => {
    const { entities, direct } = createEntities({ client: clientFor(t, 'lean', 'http://127.0.0.1:1'), table: 'table' })
    const ways = { electro: entities[name], direct: direct[name] } as unknown as Ways
    fc.assert(fc.property(items[name] as fc.Arbitrary<Stored>, given => {
      const item = defined(given)
      const { Put: { Item: stored } } = ways.direct.put(item, { absent: true })
      assert.deepEqual(stored, ways.electro.put(item).params().Item)
      assert.deepEqual(ways.direct.update(item, {}, { equal: {} }).Update.Key, ways.electro.get(item).params().Key)
      assert.deepEqual(ways.direct.load(stored), ways.electro.parse({ Item: stored }).data)
      assert.deepEqual(ways.direct.load(stored), item)
    }))
    t.pass('they agree')
  })
}

t.test('a change writes what ElectroDB would, the keys of indexes too where they depend on it', async t => {
  const { entities, direct } = createEntities({ client: clientFor(t, 'lean', 'http://127.0.0.1:1'), table: 'table' })
  fc.assert(fc.property(items.conversation as fc.Arbitrary<never>, fc.boolean(), (given, indexed) => {
    const { conversationId, firstId, secondId, indexedAt, ...rest } = defined(given) as Stored & { conversationId: string }
    const change = (indexed ? { ...rest, firstId, secondId, indexedAt } : rest) as never
    const own = written(direct.conversation.update({ conversationId }, change, { equal: { seq: 1 } }).Update as Expression)
    const { conversationId: _, __edb_e__: _entity, __edb_v__: _version, ...theirs } = written(entities.conversation.patch({ conversationId }).set(change).params() as unknown as Expression)
    assert.deepEqual(own, theirs)
    assert.equal('gsi1sk' in own, indexed)
  }))
  t.throws(() => direct.conversation.update({ conversationId: 'a~b' }, { indexedAt: 1 }, { equal: {} }), { message: 'The key gsi1pk needs firstId' })
})

t.test('on the engine: conditions, refusals and changes', async t => {
  const { entities: { direct } } = await testApp(t)
  const key = { conversationId: 'a~b' }
  const message = { ...key, seq: 1, messageId: 'm', senderId: 'a', receiverId: 'b', senderCount: 1, messageType: 'text' as const, text: 'x', timestamp: 't' }
  const head = { ...key, firstId: 'a', secondId: 'b', seq: 1, firstSent: 1, secondSent: 0, indexedAt: 5, lastMessage: { senderId: 'a', messageType: 'text' as const, timestamp: 't' } }
  t.equal(await direct.message.get(message, { consistent: true }), undefined)
  t.equal(await direct.transact([direct.message.put(message, { absent: true }), direct.conversation.put(head, { absent: true })]), undefined)
  t.strictSame(await direct.message.get(message, { consistent: true }), message)

  const again = await direct.transact([direct.message.put(message, { absent: true }), direct.conversation.update(key, { seq: 2 }, { equal: { seq: 1 } })])
  t.strictSame(again, [{ code: 'ConditionalCheckFailed', item: message }, { code: 'None', item: null }])
  const stale = await direct.transact([direct.conversation.update(key, { seq: 3 }, { equal: { seq: 2 } })])
  t.strictSame(stale, [{ code: 'ConditionalCheckFailed', item: head }])

  t.strictSame(await direct.conversation.change(key, { firstReadSeq: 1 }, { absentOrBelow: { firstReadSeq: 1 } }), { ...head, firstReadSeq: 1 })
  await t.rejects(direct.conversation.change(key, { firstReadSeq: 1 }, { absentOrBelow: { firstReadSeq: 1 } }), { name: 'ConditionalCheckFailedException' })
  await t.rejects(direct.conversation.change({ conversationId: 'c~d' }, { firstReadSeq: 1 }, { absentOrBelow: { firstReadSeq: 1 } }), { name: 'ConditionalCheckFailedException' })
  t.equal(await direct.conversation.get({ conversationId: 'c~d' }, { consistent: true }), undefined, 'a change makes no item')
})

t.test('on the engine: what is set once stays, what is lost is gone, and what isn\'t as expected is not removed', async t => {
  const { entities: { direct } } = await testApp(t)
  const key = { shard: 3, dueAt: 0, kind: 'told', subject: 'a~b' }
  await direct.write(direct.work.upsert({ ...key, upTo: 4 }, { untold: 4, markedAt: 10 }))
  await direct.write(direct.work.upsert({ ...key, upTo: 5 }, { untold: 5, markedAt: 20 }))
  t.strictSame(await direct.work.get(key, { consistent: true }), { ...key, upTo: 5, untold: 4, markedAt: 10 })
  await direct.write(direct.work.update(key, { claimedUntil: 7 }, { equal: { upTo: 5 } }))
  await direct.write(direct.work.update(key, { untold: 5 }, { equal: { claimedUntil: 7 } }, ['claimedUntil', 'markedAt']))
  t.strictSame(await direct.work.get(key, { consistent: true }), { ...key, upTo: 5, untold: 5 })

  await t.rejects(direct.write(direct.work.remove(key, { equal: { upTo: 4 } })), { name: 'ConditionalCheckFailedException' })
  const refusals = await direct.transact([direct.work.remove(key, { equal: { upTo: 4 } }), direct.work.put({ ...key, dueAt: 9 })])
  t.match(refusals, [{ code: 'ConditionalCheckFailed', item: { upTo: 5 } }, { code: 'None' }])
  await direct.write(direct.work.remove(key, { equal: { upTo: 5 } }))
  await direct.write(direct.work.remove(key))
  t.equal(await direct.work.get(key, { consistent: true }), undefined)
  await direct.write(direct.work.put(key))
  await direct.write(direct.work.put({ ...key, upTo: 9 }))
  t.strictSame(await direct.work.get(key, { consistent: true }), { ...key, upTo: 9 })
})

t.test('on the engine: batches beyond what one call may read, though a part is left unprocessed; ranges in both orders', async t => {
  const app = await testApp(t)
  const { direct } = app.entities
  const key = { conversationId: 'a~b' }
  const messages = Array.from({ length: 120 }, (_, n) =>
    ({ ...key, seq: n + 1, messageId: `m${n}`, senderId: 'a', receiverId: 'b', senderCount: n + 1, messageType: 'text' as const, timestamp: 't' }))
  for (let n = 0; n < 120; n += 20) await direct.transact(messages.slice(n, n + 20).map(message => direct.message.put(message, { absent: true })))

  const batches = intercept(t, app, 'BatchGetItem', async (attempt, count) => await leaveUnprocessed(attempt, count < 3 ? 0.4 : 0))
  const found = await direct.message.getAll([...messages, { ...key, seq: 999 }], { consistent: true })
  t.strictSame(found.sort((one, other) => one.seq - other.seq), messages)
  t.ok(batches.count > 2)
  t.strictSame(await direct.message.getAll([], { consistent: true }), [])

  const between = async (first: number, last: number, limit: number, order: 'asc' | 'desc') => {
    const { items, more } = await direct.message.between({ ...key, seq: first }, { ...key, seq: last }, { limit, order })
    return { seqs: items.map(({ seq }) => seq), more }
  }
  t.strictSame(await between(10, 13, 10, 'asc'), { seqs: [10, 11, 12, 13], more: false })
  t.strictSame(await between(10, 13, 3, 'desc'), { seqs: [13, 12, 11], more: true })
  t.strictSame(await between(200, 300, 3, 'asc'), { seqs: [], more: false })
})

t.test('ranges of indexes are asked for as ElectroDB asks for them', async t => {
  const asked: Stored[] = []
  const note = async (input: Stored) => {
    asked.push(input)
    return { $metadata: {} }
  }
  const client = { send: async ({ input }: { input: Stored }) => await note(input), call: async (_: string, input: Stored) => await note(input) }
  const { entities: { conversation, user, tradeOffer }, direct } = createEntities({ client: client as never, table: 'table' })
  const [member, place] = [{ firstId: 'a' }, { indexedAt: 7, secondId: 'b' }]
  const [party, offer] = [{ senderId: 'a', stage: 'open' as const }, { createdAt: 12, messageId: 'm' }]
  const { byFirst } = conversation.query
  const { bySender } = tradeOffer.query
  const { directory } = user.query
  const asc = { limit: 3, order: 'asc' as const }
  const desc = { limit: 3, order: 'desc' as const }
  const cases: Array<[own: () => Promise<unknown>, electro: () => Promise<unknown>]> = [
    [async () => await direct.conversation.readIndex('byFirst', member, desc), async () => await byFirst(member).go(desc)],
    [async () => await direct.conversation.readIndex('byFirst', member, { ...desc, range: { below: place } }), async () => await byFirst(member).lt(place).go(desc)],
    [async () => await direct.conversation.readIndex('byFirst', member, { ...asc, range: { above: place } }), async () => await byFirst(member).gt(place).go(asc)],
    [async () => await direct.conversation.readIndex('byFirst', member, { ...asc, range: { from: { indexedAt: 7 } } }), async () => await byFirst(member).gte({ indexedAt: 7 }).go(asc)],
    [async () => await direct.tradeOffer.readIndex('bySender', party, { ...desc, range: { below: offer } }), async () => await bySender(party).lt(offer).go(desc)],
    [async () => await direct.user.readIndex('directory', { shard: 2 }, asc), async () => await directory({ shard: 2 }).go(asc)],
    [async () => await direct.user.readIndex('directory', { shard: 2 }, { ...asc, range: { begin: { nameKey: 'al' } } }), async () => await directory({ shard: 2 }).begins({ nameKey: 'al' }).go(asc)]
  ]
  for (const [own, electro] of cases) {
    await own()
    await electro()
    const [ours, theirs] = asked.splice(0).map(plainQuery)
    t.strictSame(ours, theirs)
  }
})

/** A query with what its names and values stand for, in one notation. */
function plainQuery ({ KeyConditionExpression: text, ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values, IndexName, Limit, ScanIndexForward }: Stored) {
  const known = { ...names as object, ...values as object } as Record<string, string>
  const condition = String(text).replaceAll(/[#:]\w+/g, name => known[name] ?? name).replace(' and ', ' AND ')
  return { condition, IndexName, Limit, ScanIndexForward }
}

interface Expression {
  UpdateExpression: string
  ExpressionAttributeNames: Record<string, string>
  ExpressionAttributeValues: Stored
}

/** What an update sets. */
function written ({ UpdateExpression: text, ExpressionAttributeNames: names, ExpressionAttributeValues: values }: Expression): Stored {
  return Object.fromEntries(text.replace('SET ', '').split(', ').map(part => part.split(' = ')).map(([name, value]) => [names[name!], values[value!]]))
}

/** Without what is missing. */
function defined<Value> (value: Value): Value {
  if (Array.isArray(value)) return value.map(defined) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]) => [name, defined(member)])) as Value
}
