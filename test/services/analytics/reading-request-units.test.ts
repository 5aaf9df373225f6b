import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { addToCell, addToCounterparty, addToSlot, agreed, tradesOf } from '../../support/figures.js'
import { testApp, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { requestUnits } from '../../support/request-units.js'

const on = { env: { ANALYTICS: 'on' } }
const first = Date.parse('2026-10-01T00:00:00Z')
const hour = 60 * 60 * 1000
const month = 'from=2026-10-01&to=2026-11-01'

/** Who asks has been seen, and which generation is shown is known, for 5 s. */
async function warmed (app: FastifyInstance, id = 'alice'): Promise<TestUser> {
  const user = new TestUser(app, id)
  await user.request({ url: '/api/analytics/me' })
  return user
}

/** A meter of what is read by a request; what reading the generation costs is left out. */
function readUnits (app: FastifyInstance) {
  const meter = requestUnits(app)
  return async (url: string, user: { request: TestUser['request'] }) => {
    app.analytics!.generations.current = async () => 1
    const { read, write } = await meter(async () => {
      const { statusCode, body } = await user.request({ url })
      if (statusCode !== 200) throw new Error(body)
    })
    t.equal(write, 0)
    return read
  }
}

t.test('10⁵ trades of a user cost as much to look at as 10², in the same quarter hours', async t => {
  const app = await testApp(t, on)
  const costOf = readUnits(app)
  const costs: Record<string, number[]> = {}
  for (const [userId, count] of [['few', 100], ['many', 100_000]] as const) {
    // A trade in each of 100 quarter hours, or a thousand.
    for (let n = 0; n < 100; n++) {
      const trades = count / 100
      const activity = { opened: trades, accepted: trades, milliseconds: 187_250 * trades, time1: trades, revisions: 2 * trades, spreads: trades, spread0: -370 * trades }
      await addToSlot(app, { userId, side: n % 2 === 0 ? 'sell' : 'buy', at: first + n * 7 * hour }, { ...agreed(12_500 * trades, 27_000, trades), ...activity })
    }
    const user = await warmed(app, userId)
    costs[userId] = []
    for (const granularity of ['quarterHour', 'hour', 'day', 'month']) costs[userId].push(await costOf(`/api/analytics/me?granularity=${granularity}&${granularity === 'quarterHour' ? 'from=2026-10-01&to=2026-10-31' : month}`, user))
  }
  t.same(costs.many, costs.few)
  t.ok(Math.max(...costs.many!) <= 5, `${String(costs.many)} read units for 100 quarter hours`)
  t.comment(costs)
})

t.test('what nobody traded in costs half a unit, however long it is', async t => {
  const app = await testApp(t, on)
  const costOf = readUnits(app)
  const user = await warmed(app)
  t.equal(await costOf('/api/analytics/me?from=2026-01-01&to=2027-01-02', user), 0.5)
  t.equal(await costOf('/api/analytics/me/counterparties', user), 0.5)
  t.equal(await costOf('/api/integrations/analytics?from=2026-10-01&to=2026-11-01', await TestIntegration.make(app, ['analytics'])) <= 3, true)
})

t.test('a month of a user that has something in every quarter hour of every day costs what its items weigh', async t => {
  const app = await testApp(t, on)
  const costOf = readUnits(app)
  for (let n = 0; n < 10 * 96; n++) await addToSlot(app, { userId: 'alice', side: 'sell', at: first + n * hour / 4 }, agreed(12_500, 27_000))
  const read = await costOf(`/api/analytics/me?${month}`, await warmed(app))
  t.ok(read <= 25, `${read} read units for ${10 * 96} quarter hours`)
  t.comment(read)
})

t.test('a counterparty costs as much after thousands of trades as after one', async t => {
  const app = await testApp(t, on)
  const costOf = readUnits(app)
  for (const [userId, trades] of [['few', 1], ['many', 10_000]] as const) {
    for (let n = 0; n < 100; n++) await addToCounterparty(app, { userId, otherId: `user-${n}`, month: '2026-10', side: 'sell' }, agreed(12_500 * trades, 27_000, trades))
  }
  const [few, many] = [await costOf('/api/analytics/me/counterparties?month=2026-10', await warmed(app, 'few')), await costOf('/api/analytics/me/counterparties?month=2026-10', await warmed(app, 'many'))]
  t.equal(many, few)
  t.ok(many <= 3, `${many} read units for 100`)
  t.comment(many)
})

t.test('a market is read once an hour at most, whoever asks', async t => {
  const app = await testApp(t, on)
  const costOf = readUnits(app)
  const [alice, bob] = [await warmed(app), await warmed(app, 'bob')]
  for (let n = 0; n < 48; n++) await addToCell(app, { start: first + n * hour }, tradesOf(16))
  const url = `/api/analytics/market?${month}`
  const cold = await costOf(url, alice)
  t.ok(cold <= 48 * 8 / 10 * 0.5 + 1, `${cold} read units for 48 cells of 8 parts`)
  for (const user of [alice, bob]) {
    t.equal(await costOf(url, user), 0)
    t.equal(await costOf('/api/analytics/market?from=2026-10-03&to=2026-10-20', user), 0, 'nor is a part of it')
  }
  t.ok(await costOf('/api/analytics/market?from=2026-09-30&to=2026-11-01', alice) <= 0.5, 'what is new is read alone')
  t.equal(await costOf('/api/analytics/market?from=2026-09-01&to=2026-10-15&currency=CHF', alice), 1, 'a month costs half a unit at least')
  const asked = await Promise.all([1, 2, 3, 4, 5].map(async () => await alice.request({ url: `${url}&currency=GBP` })))
  t.same(new Set(asked.map(({ statusCode }) => statusCode)), new Set([200]))
  t.comment(cold)
})
