import { randomUUID } from 'node:crypto'
import t from 'tap'
import { cancelled, intercept, sdkFault } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { sleep } from '../../support/live.js'
import { open as openOffer, respond } from '../../support/trades.js'
import { scrape, type Scrape } from './scrape.js'

const calls = 'equilux_dynamodb_calls_total'
const units = 'equilux_dynamodb_request_units_total'

/** How much a metric grew from one scrape to another. */
function growth (before: Scrape, after: Scrape) {
  return (name: string, labels: Record<string, string> = {}) => (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0)
}

t.test('a message in an active conversation costs the request units that it should', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await alice.say('bob', 'hello')
  await bob.say('alice', 'hello')
  // Their entries in the directory are written behind the requests.
  for (const [who, other] of [[alice, bob], [bob, alice]] as const) {
    while ((await who.get(`/users/${other.id}`)).statusCode !== 200) await sleep(5)
  }
  let before = await scrape(app)
  t.equal((await alice.say('bob', 'hello')).statusCode, 201)
  let grown = growth(before, await scrape(app))
  t.equal(grown(units, { kind: 'write' }), 4)
  t.equal(grown(units, { kind: 'write', operation: 'TransactWriteItems' }), 4)
  t.equal(grown(units, { kind: 'read' }), 0)
  t.equal(grown(calls, { operation: 'TransactWriteItems', outcome: 'ok' }), 1)
  t.equal(grown('equilux_dynamodb_call_duration_seconds_count', { operation: 'TransactWriteItems' }), 1)
  t.ok(grown('equilux_dynamodb_call_duration_seconds_sum', { operation: 'TransactWriteItems' }) > 0)

  before = await scrape(app)
  await alice.say('bob', 'hello', { 'idempotency-key': randomUUID() })
  grown = growth(before, await scrape(app))
  t.equal(grown(units, { kind: 'write' }), 6)
  t.ok(grown(units, { kind: 'read' }) <= 1)
})

t.test('retries and errors are counted by operation', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  await alice.say('bob', 'hello')
  const before = await scrape(app)
  const throttled = intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
    if (count < 2) throw sdkFault('ThrottlingException', 400)
    return await attempt()
  })
  t.equal((await alice.say('bob', 'hello')).statusCode, 201)
  throttled.remove()
  const lost = intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
    if (count === 0) throw cancelled('TransactionConflict', 'None')
    return await attempt()
  })
  t.equal((await alice.say('bob', 'hello')).statusCode, 201)
  lost.remove()
  intercept(t, app, 'GetItem', async () => { throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) })
  t.equal((await app.inject('/ready')).statusCode, 503)
  const grown = growth(before, await scrape(app))
  t.equal(grown('equilux_dynamodb_retries_total', { operation: 'TransactWriteItems' }), 2)
  t.equal(grown(calls, { operation: 'TransactWriteItems', outcome: 'ok' }), 2)
  t.equal(grown(calls, { operation: 'TransactWriteItems', outcome: 'TransactionCanceledException' }), 1)
  t.equal(grown(calls, { operation: 'GetItem', outcome: 'ECONNREFUSED' }), 1)
  t.equal(grown('equilux_dynamodb_retries_total', { operation: 'GetItem' }), 2)
})

t.test('messages and moves are counted once each, however often they are asked for', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const key = { 'idempotency-key': randomUUID() }
  for (let n = 0; n < 3; n++) await alice.say('bob', 'hello', key)
  await alice.say('bob', '')
  const offer = await openOffer(alice, bob)
  await respond(bob, offer, { response: 'reject' })
  t.equal((await respond(bob, offer, { response: 'accept' })).statusCode, 409)
  const { value } = await scrape(app)
  for (const [type, count] of Object.entries({ text: 1, tradeOffer: 1, tradeResponse: 1 })) {
    t.equal(value('equilux_messages_accepted_total', { type }), count, type)
  }
  for (const [action, count] of Object.entries({ offer: 1, counter: 0, accept: 0, reject: 1, withdraw: 0, expire: 0 })) {
    t.equal(value('equilux_trade_moves_total', { action }), count, action)
  }
})
