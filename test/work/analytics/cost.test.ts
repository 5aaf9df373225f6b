import t from 'tap'
import type { TradeOffer } from '../../../schemas/trade-offer.js'
import { activeBuckets } from '../../../src/database/entities/analytics/market-day.js'
import { marketShardOf } from '../../../src/services/analytics/counting/buckets.js'
import { dayOf } from '../../../src/services/analytics/times.js'
import { countedApp, relayOf } from '../../support/analytics.js'
import { testApp, TestUser } from '../../support/helper.js'
import { readFigures } from '../../support/naive-figures.js'
import { requestUnits } from '../../support/request-units.js'
import { day, later, open, respond, terms } from '../../support/trades.js'

t.test('an agreement costs at most 18 write units to be counted, other moves 8, a counter and texts nothing', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const meter = requestUnits(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  // The salt comes to be with the first one.
  await open(alice, bob)
  await relayOf(app).work('alice~bob')

  const costs: Record<string, { read: number, write: number }> = {}
  /** Beside the mark: 2 WCU. */
  const count = async (name: string) => {
    const { read, write } = await meter(async () => await relayOf(app).work('alice~bob'))
    costs[name] = { read, write: write - 2 }
  }
  const full = () => terms({ expiresAt: later(day / 2), endTime: later(2 * day), text: 'What do you think?' })
  let offer = await open(alice, bob, full())
  await count('open')
  await alice.say('bob', 'hello')
  const other = { pricePerUnit: 0.2 }
  t.equal((await respond(bob, offer, { response: 'counter', ...other })).statusCode, 200)
  t.equal(await relayOf(app).work('alice~bob'), undefined, 'neither a counter nor a text is marked')
  await respond(alice, offer, { response: 'accept', revision: 2 })
  await count('accept')
  for (const response of ['reject', 'withdraw']) {
    offer = await open(alice, bob, full())
    await relayOf(app).work('alice~bob')
    await respond(response === 'withdraw' ? alice : bob, offer, { response })
    await count(response)
  }
  t.comment(costs)
  for (const [name, { read, write }] of Object.entries(costs)) {
    t.equal(write, name === 'accept' ? 18 : 8, name)
    t.ok(read <= 4, `${name} reads ${read}: the message, the offer, the head, and now and then the generation`)
  }
})

t.test('where so many trade that each bucket of a day is hit, a move costs 6 more', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const { direct } = app.entities
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const offer = await open(alice, bob)
  await relayOf(app).work('alice~bob')
  const { updatedAt } = (await respond(bob, offer, { response: 'accept' })).json<TradeOffer>()
  const [day, shard] = [dayOf(Date.parse(updatedAt)), marketShardOf('alice~bob')]
  await direct.write(direct.marketDay.add({ generation: 1, currency: 'EUR', day, shard }, { traders: new Set(Array.from({ length: activeBuckets }, (_, bucket) => bucket)) }))
  const { write } = await requestUnits(app)(async () => await relayOf(app).work('alice~bob'))
  t.comment(`${write - 2} WCU`)
  t.ok(write - 2 <= 24 && write - 2 > 18)
})

/** The partition keys of what a transaction writes. */
function keysIn (input: object): string[] {
  const { TransactItems: writes } = input as { TransactItems: Array<Record<string, { Key?: { pk: string }, Item?: { pk: string } }>> }
  return writes.flatMap(write => Object.values(write)).map(({ Key: key, Item: item }) => (key ?? item)!.pk)
}

t.test('twenty who trade in the same cell of the market at once are in no request\'s way, and all are counted', async t => {
  const { app, settled } = await countedApp(t)
  const cancelled: string[] = []
  let counting = 0
  app.dynamodb.aroundCalls(async (call, next) => {
    if (call.operation !== 'TransactWriteItems') return await next(call)
    const keys = keysIn(call.input)
    const ofFigures = keys.filter(key => key.startsWith('stats#')).length
    // Only what writes to the same item can cancel a transaction.
    if (ofFigures > 0) counting++
    if (ofFigures > 0 && ofFigures < keys.length) t.fail(`Requests and counting meet in ${keys.join(', ')}`)
    return await next(call).catch(error => {
      if (ofFigures === 0) cancelled.push(`${keys.join(', ')}: ${String(error)}`)
      throw error
    })
  })
  const startTime = later(3 * day)
  const pairs = Array.from({ length: 20 }, (_, n) => [new TestUser(app, `seller-${n}`), new TestUser(app, `buyer-${n}`)] as const)
  await Promise.all(pairs.map(async ([seller, buyer], n) => {
    const offer = await open(seller, buyer, { startTime, totalAmount: n + 1 })
    const response = await respond(buyer, offer, { response: 'accept' })
    t.equal(response.statusCode, 200)
  }))
  await settled()
  t.strictSame(cancelled, [])
  t.ok(counting >= 40, `${counting} transactions counted`)
  const figures = await readFigures(app)
  const [cell, ...more] = Object.entries(figures).filter(([place]) => place.startsWith('cell '))
  t.strictSame(more, [])
  t.match(cell?.[1], { trades: '20', energy: String(210 * 1000), value: String(210_000n * 27_000n) })
  const [, today] = Object.entries(figures).find(([place]) => place.startsWith('day ')) ?? []
  t.ok(Number(today?.opened) <= 20)
})
