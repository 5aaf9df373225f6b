import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import type { Market, MarketGranularity, MarketQuery } from '../../../schemas/market.js'
import { Generations } from '../../../src/services/analytics/generations.js'
import { createReadMarket, type ReadMarket } from '../../../src/services/analytics/reading/market.js'
import { addToCell, tradesOf, type MarketTrade } from '../../support/figures.js'
import { testApp } from '../../support/helper.js'

const hour = 60 * 60 * 1000
const day = 24 * hour
const start = Date.parse('2026-11-20T10:00:00Z')
/** When a cell of an hour that begins at `start` is a day old. */
const shownFrom = start + hour + day

/** A market whose time is the test's. Each time it is another currency's, so that a table holds many. */
class TestMarket {
  static #made = 0
  static readonly #currencies = Intl.supportedValuesOf('currency')
  now = shownFrom
  readonly currency = TestMarket.#currencies[TestMarket.#made++ % TestMarket.#currencies.length]!
  /** It has answered nothing yet, and remembers nothing. */
  read: ReadMarket

  constructor (readonly app: FastifyInstance, private readonly options: { granularity?: MarketGranularity, k?: number } = {}) {
    this.read = this.#fresh()
  }

  async add (at: number, trades: readonly MarketTrade[]): Promise<void> {
    await addToCell(this.app, { start: at, currency: this.currency, ...this.options }, trades)
  }

  async ask (query: MarketQuery = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' }): Promise<Market> {
    return await this.read({ currency: this.currency, ...query })
  }

  /** What one cell shows. */
  async cell (at = start) {
    const { series } = await this.ask()
    const { start: _, ...shown } = series.find(({ start }) => start === new Date(at).toISOString())!
    return shown
  }

  /** Lets another process answer. */
  restart (): void {
    this.read = this.#fresh()
  }

  #fresh () {
    const { direct } = this.app.entities
    const { granularity = 'hour', k = 5 } = this.options
    return createReadMarket({ direct, generations: new Generations(direct, 0), clock: { now: () => this.now, isUnsure: false }, currency: 'EUR', granularity, k })
  }
}

const tooFew = { trades: null, amount: null, vwap: null, suppressed: true, reason: 'tooFew' }
const tooRecent = { ...tooFew, reason: 'tooRecent' }

const app = await testApp(t, { env: { ANALYTICS: 'on' } })

t.test('an interval is shown if enough sellers and buyers made enough trades', async t => {
  for (const [k, trades, sellers, buyers, isShown] of [
    [5, 10, 5, 5, true], [5, 9, 5, 5, false], [5, 10, 4, 5, false], [5, 10, 5, 4, false], [5, 1000, 4, 60, false], [5, 200, 60, 4, false], [5, 11, 6, 7, true],
    [7, 14, 7, 7, true], [7, 13, 7, 7, false], [7, 14, 6, 7, false], [7, 14, 7, 6, false], [7, 20, 5, 5, false]
  ] as const) {
    const market = new TestMarket(app, { k })
    await market.add(start, tradesOf(Math.min(trades, 200), { sellers, buyers }))
    t.strictSame(await market.cell(), isShown ? { trades, amount: String(trades), vwap: '0.2', suppressed: false } : tooFew, `k ${k}: ${trades} trades of ${sellers} and ${buyers}`)
    t.strictSame((await market.ask()).rules, { sellers: k, buyers: k, trades: 2 * k, delayHours: 24 })
  }
})

t.test('who falls into one bucket passes for one, whichever part of a cell it is in', async t => {
  const market = new TestMarket(app)
  await market.add(start, tradesOf(80, { sellers: 4, buyers: 4 }))
  t.strictSame(await market.cell(), tooFew)
})

t.test('an interval isn\'t shown until a day after its end, to the millisecond', async t => {
  for (const [granularity, end] of [['hour', start + hour], ['day', Date.parse('2026-11-21T00:00:00Z')]] as const) {
    const market = new TestMarket(app, { granularity })
    const at = granularity === 'hour' ? start : Date.parse('2026-11-20T00:00:00Z')
    await market.add(at, tradesOf(20))
    for (const [now, isShown] of [[at, false], [end - 1, false], [end, false], [end + day - 1, false], [end + day, true], [end + 400 * day, true], [end + day - 1, false]] as const) {
      market.now = now
      t.strictSame(await market.cell(at), isShown ? { trades: 20, amount: '20', vwap: '0.2', suppressed: false } : tooRecent, `${granularity}: ${now - end} ms after`)
    }
  }
})

t.test('amounts are rounded to kWh, prices to three significant digits, and totals are made of those', async t => {
  const market = new TestMarket(app)
  await market.add(start, tradesOf(10, { amount: 1250, price: 27_149 }))
  await market.add(start + hour, tradesOf(10, { amount: 1350, price: 27_151 }))
  await market.add(start - hour, tradesOf(9, { amount: 1e12, price: 1e11 }))
  market.now = shownFrom + day
  const { series, totals } = await market.ask()
  t.strictSame(series.filter(({ suppressed }) => !suppressed), [
    { start: new Date(start).toISOString(), trades: 10, amount: '12', vwap: '0.271', suppressed: false },
    { start: new Date(start + hour).toISOString(), trades: 10, amount: '14', vwap: '0.272', suppressed: false }
  ], 'half to even')
  t.strictSame(totals, { shown: 2, trades: 20, amount: '26', vwap: '0.272' })
  t.equal(series.length, 24)
  t.strictSame((await new TestMarket(app).ask()).totals, { shown: 0, trades: 0, amount: '0', vwap: null })
})

t.test('what is too little to be a kWh has a price, and totals of it have none', async t => {
  const market = new TestMarket(app)
  await market.add(start, tradesOf(10, { amount: 1, price: 1 }))
  t.match(await market.cell(), { trades: 10, amount: '0', vwap: '0.00001' })
  t.strictSame((await market.ask()).totals, { shown: 1, trades: 10, amount: '0', vwap: null })
})

t.test('other generations, granularities and currencies aren\'t mixed in', async t => {
  const market = new TestMarket(app)
  await addToCell(app, { start, currency: market.currency, generation: 2 }, tradesOf(10))
  await addToCell(app, { start: Date.parse('2026-11-20'), currency: market.currency, granularity: 'day' }, tradesOf(10))
  await addToCell(app, { start, currency: new TestMarket(app).currency }, tradesOf(10))
  t.strictSame(await market.cell(), tooFew)
})

/** Some cells of three days, with a few or many trades each. */
const cells = fc.uniqueArray(fc.record({
  at: fc.integer({ min: 0, max: 71 }),
  trades: fc.array(fc.record({
    seller: fc.integer({ min: 0, max: 63 }), buyer: fc.integer({ min: 0, max: 63 }), amount: fc.integer({ min: 1, max: 10_000_000 }), price: fc.integer({ min: 1, max: 100_000 })
  }), { maxLength: 30, size: 'max' })
}), { maxLength: 5, selector: ({ at }) => at })

const range = fc.tuple(fc.integer({ min: 0, max: 72 }), fc.integer({ min: 0, max: 72 })).filter(([from, to]) => from < to)
const firstDay = Date.parse('2026-11-19T00:00:00Z')
const timeAt = (hours: number) => new Date(firstDay + hours * hour).toISOString()
const query = ([from, to]: [number, number]) => ({ from: timeAt(from), to: timeAt(to) })

async function marketOf (given: ReadonlyArray<{ at: number, trades: MarketTrade[] }>): Promise<TestMarket> {
  const market = new TestMarket(app)
  // One hundred hours in all: some cells are recent.
  market.now = firstDay + 80 * hour
  for (const { at, trades } of given) await market.add(firstDay + at * hour, trades)
  return market
}

/** Forgets what was added, so that another run may have the currency again. */
async function clear (market: TestMarket, given: ReadonlyArray<{ at: number }>) {
  const { direct } = app.entities
  for (const { at } of given) {
    for (let shard = 0; shard < 8; shard++) {
      await direct.write(direct.marketCell.remove({ generation: 1, granularity: 'hour', currency: market.currency, month: '2026-11', start: firstDay + at * hour, shard }))
    }
  }
}

const shownOf = ({ series }: Market) => series.filter(({ suppressed }) => !suppressed)

/** The totals that whoever sees the cells can make. */
function fold (shown: Market['series']) {
  const sum = (of: (cell: Market['series'][number]) => bigint) => shown.reduce((sum, cell) => sum + of(cell), 0n)
  const units = (decimal: string | null) => BigInt(Math.round(Number(decimal) * 1e7))
  const amount = sum(cell => BigInt(cell.amount!))
  const weighted = sum(cell => BigInt(cell.amount!) * units(cell.vwap))
  return { shown: shown.length, trades: shown.reduce((sum, { trades }) => sum + trades!, 0), amount: String(amount), mean: amount === 0n ? null : Number(weighted) / Number(amount) / 1e7 }
}

function isFold ({ vwap, ...totals }: Market['totals'], { mean, ...expected }: ReturnType<typeof fold>) {
  assert.deepEqual(totals, expected)
  if (mean === null) assert.equal(vwap, null)
  else assert.ok(Math.abs(Number(vwap) - mean) <= mean * 0.00501, `${vwap} is ${mean}`)
}

t.test('totals are a fold over what is shown, so that two ranges differ by what is shown alone', async () => {
  await fc.assert(fc.asyncProperty(cells, range, range, async (given, one, other) => {
    const market = await marketOf(given)
    const [first, second] = [await market.ask(query(one)), await market.ask(query(other))]
    for (const answer of [first, second]) isFold(answer.totals, fold(shownOf(answer)))
    const both = new Map([...shownOf(first), ...shownOf(second)].map(cell => [cell.start, cell]))
    for (const cell of [...first.series, ...second.series]) {
      assert.deepEqual(both.get(cell.start) ?? cell, cell, 'a cell is the same in both')
      if (cell.suppressed) assert.deepEqual([cell.trades, cell.amount, cell.vwap], [null, null, null])
    }
    const only = (answer: Market, without: Market) => shownOf(answer).filter(({ start }) => !without.series.some(cell => cell.start === start))
    const counted = (shown: Market['series']) => ({ trades: shown.reduce((sum, { trades }) => sum + trades!, 0), amount: shown.reduce((sum, { amount }) => sum + BigInt(amount!), 0n) })
    const [more, less] = [counted(only(first, second)), counted(only(second, first))]
    assert.equal(first.totals.trades - second.totals.trades, more.trades - less.trades)
    assert.equal(BigInt(first.totals.amount) - BigInt(second.totals.amount), more.amount - less.amount)
    await clear(market, given)
  }), { numRuns: 60 })
})

t.test('one more trade where too few traded changes no figure, and an hour tells nothing before it is due', async () => {
  await fc.assert(fc.asyncProperty(cells.filter(given => given.length > 0), fc.nat(), fc.integer({ min: 1, max: 1e9 }), async (given, which, amount) => {
    const market = await marketOf(given)
    const whole = query([0, 72])
    const before = await market.ask(whole)
    const { at, trades } = given[which % given.length]!
    const cell = before.series[at]!
    // The same two as another trade's, or new ones where that makes too few still.
    const { seller, buyer } = trades[0] ?? { seller: 1, buyer: 2 }
    const staysBelow = trades.length < 9 || new Set(trades.map(({ seller }) => seller)).size < 5 || new Set(trades.map(({ buyer }) => buyer)).size < 5
    await market.add(firstDay + at * hour, [{ seller, buyer, amount, price: 99_999 }])
    for (const restarted of [false, true]) {
      if (restarted) market.restart()
      const after = await market.ask(whole)
      // Another process may show what came too late, which no cell that is closed gets.
      if (cell.suppressed && (cell.reason === 'tooRecent' || staysBelow)) assert.deepEqual(after, before)
      else if (!restarted) assert.deepEqual(after, before, 'what was told is remembered')
    }
    for (const [n, { reason }] of before.series.entries()) assert.equal(reason === 'tooRecent', n + 1 + 24 > 80)
    await clear(market, [{ at }, ...given])
  }), { numRuns: 60 })
})

t.test('what was told an hour ago is told in the same words, a minute ago and now', async t => {
  const market = new TestMarket(app)
  await market.add(start, tradesOf(10))
  await market.add(start + hour, tradesOf(10))
  const answers: string[] = []
  for (let minute = -90; minute <= 90; minute++) {
    market.now = shownFrom + minute * 60_000
    const shown = JSON.stringify(shownOf(await market.ask()))
    if (answers.at(-1) !== shown) answers.push(shown)
  }
  t.same(answers.map(shown => (JSON.parse(shown) as object[]).length), [0, 1, 2], 'whole hours come, and nothing changes within them')
})

t.test('what is asked for may be more than is remembered beside what was asked for before', async t => {
  const market = new TestMarket(app, { granularity: 'day' })
  const first = Date.parse('2025-10-01T00:00:00Z')
  await market.add(first, tradesOf(10))
  const before = (await market.ask({ from: '2025-10-01', to: '2025-10-02' })).series
  for (const year of [2015, 2016, 2017, 2018, 2019]) await market.ask({ from: `${year}-01-01`, to: `${year + 1}-01-01` })
  const { series } = await market.ask({ from: '2025-10-01', to: '2026-10-01' })
  t.strictSame(series.filter(({ suppressed }) => !suppressed), before)
})
