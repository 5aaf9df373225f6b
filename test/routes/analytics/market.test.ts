import t from 'tap'
import type { Market } from '../../../schemas/market.js'
import { countedApp } from '../../support/analytics.js'
import { testApp, TestUser } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { open, respond } from '../../support/trades.js'

const hour = 60 * 60 * 1000

t.test('what many agree over HTTP is told a day after its hour, and what few agree never', async t => {
  const { app, settled } = await countedApp(t)
  let passed = 0
  const now = app.clock.now.bind(app.clock)
  app.clock.now = () => now() + passed
  const many = Math.ceil(Date.now() / hour) * hour + 2 * hour
  const few = many + hour
  async function trade (n: number, start: number, terms: object) {
    const [seller, buyer] = [new TestUser(app, `seller-${n}`), new TestUser(app, `buyer-${n}`)]
    const offer = await open(seller, buyer, { tradeType: 'sell', startTime: new Date(start + n * 60_000).toISOString(), ...terms })
    const { statusCode, body } = await respond(buyer, offer, { response: 'accept' })
    t.equal(statusCode, 200, body)
  }
  // Of 20 more than 5 fall into buckets of their own, but for one installation in billions.
  for (let n = 0; n < 20; n++) await trade(n, many, { pricePerUnit: (200 + n) / 1000, totalAmount: 2.025 })
  for (let n = 0; n < 9; n++) await trade(n, few, { pricePerUnit: 0.5, totalAmount: 100 })
  await settled()

  const query = `?from=${new Date(many).toISOString()}&to=${new Date(few + hour).toISOString()}`
  const read = async () => (await new TestUser(app, 'anybody').request({ url: `/api/analytics/market${query}` })).json<Market>()
  const hidden = { trades: null, amount: null, vwap: null, suppressed: true }
  const starts = [many, few].map(start => ({ start: new Date(start).toISOString() }))
  t.strictSame((await read()).series, starts.map(start => ({ ...start, ...hidden, reason: 'tooRecent' })))
  passed = few + hour - now() + 24 * hour + 60_000
  const { series, totals } = await read()
  // 40.5 kWh, half to even, at 0.2095.
  const shown = { trades: 20, amount: '40', vwap: '0.21' }
  t.strictSame(series, [{ ...starts[0], ...shown, suppressed: false }, { ...starts[1], ...hidden, reason: 'tooFew' }])
  t.strictSame(totals, { shown: 1, ...shown })
})

t.test('it is of one granularity, and what asks for another is refused', async t => {
  const app = await testApp(t, { env: { ANALYTICS: 'on', MARKET_GRANULARITY: 'day', STATS_K: '7' } })
  const alice = new TestUser(app, 'alice')
  const ask = async (query = '') => await alice.request({ url: `/api/analytics/market${query}` })
  const market = (await ask('?from=2026-01-01T10:00:00Z&to=2026-12-31')).json<Market>()
  t.match(market, { from: '2026-01-01T00:00:00.000Z', to: '2026-12-31T00:00:00.000Z', granularity: 'day', currency: 'EUR', rules: { sellers: 7, buyers: 7, trades: 14, delayHours: 24 } })
  t.equal(market.series.length, 364)
  t.equal((await ask()).json<Market>().series.length, 30)
  for (const query of ['granularity=hour', 'timeZone=UTC', 'side=sell', 'userId=bob', 'from=x', 'currency=euro']) refused(t, await ask(`?${query}`), 'validation_failed', query)
  refused(t, await ask('?from=2025-01-01&to=2026-12-31'), 'range_too_large')
})
