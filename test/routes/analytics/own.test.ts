import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { locales } from '../../../schemas/locales.js'
import type { Analytics, Granularity } from '../../../schemas/analytics.js'
import { addToSlot, agreed } from '../../support/figures.js'
import { testApp, TestUser } from '../../support/helper.js'
import { countedApp } from '../../support/analytics.js'
import { refused } from '../../support/problem.js'
import { later, open, respond } from '../../support/trades.js'

const on = { env: { ANALYTICS: 'on' } }
const nothing = { trades: 0, amount: '0', value: '0', vwap: null }
const noActivity = {
  opened: 0,
  accepted: 0,
  rejected: 0,
  withdrawn: 0,
  expired: 0,
  acceptanceRate: null,
  medianTimeToAgreement: null,
  agreementTimes: [0, 0, 0, 0, 0, 0, 0, 0],
  meanSecondsToAgreement: null,
  meanRevisions: null,
  meanSpreadBps: null
}

async function ask (user: TestUser, query: Record<string, string> = {}) {
  return await user.request({ url: `/api/analytics/me?${new URLSearchParams(query).toString()}` })
}

async function figures (user: TestUser, query: Record<string, string> = {}): Promise<Analytics> {
  const response = await ask(user, query)
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.json<Analytics>()
}

const hourly = { from: '2026-11-22T10:00:00Z', to: '2026-11-22T13:00:00Z', granularity: 'hour' }

t.test('a user sees what was sold, bought and done in every interval, and in all of them', async t => {
  const app = await testApp(t, on)
  const alice = new TestUser(app, 'alice')
  const own = { userId: 'alice', side: 'sell' as const }
  await addToSlot(app, { ...own, at: '2026-11-22T10:00:00Z' }, { ...agreed(12_500, 27_000), opened: 2, accepted: 1, milliseconds: 187_250, time1: 1, revisions: 2, spreads: 1, spread0: -370 })
  await addToSlot(app, { ...own, at: '2026-11-22T10:59:59.999Z' }, agreed(1, 1))
  await addToSlot(app, { ...own, side: 'buy', at: '2026-11-22T12:45:00Z' }, { ...agreed(2000, 30_001, 2), opened: 1, rejected: 1, expired: 2 })
  await addToSlot(app, { ...own, at: '2026-11-22T13:00:00Z' }, agreed(5, 5))
  await addToSlot(app, { ...own, at: '2026-11-22T09:59:00Z' }, agreed(5, 5))
  await addToSlot(app, { ...own, currency: 'CHF', at: '2026-11-22T10:00:00Z' }, agreed(7, 7))
  await addToSlot(app, { ...own, generation: 2, at: '2026-11-22T10:00:00Z' }, agreed(9, 9))
  await addToSlot(app, { ...own, userId: 'alice2', at: '2026-11-22T10:00:00Z' }, agreed(11, 11))
  const sold = { trades: 2, amount: '12.501', value: '3.37500001', vwap: '0.26998' }
  const bought = { trades: 2, amount: '2', value: '0.60002', vwap: '0.30001' }
  const accepted = {
    accepted: 1, medianTimeToAgreement: { atMost: 300 }, agreementTimes: [0, 1, 0, 0, 0, 0, 0, 0], meanSecondsToAgreement: 187.25, meanRevisions: 2, meanSpreadBps: -370
  }
  t.strictSame(await figures(alice, hourly), {
    from: '2026-11-22T10:00:00.000Z',
    to: '2026-11-22T13:00:00.000Z',
    granularity: 'hour',
    currency: 'EUR',
    timeZone: 'UTC',
    series: [
      { start: '2026-11-22T10:00:00.000Z', sold, bought: nothing, ...noActivity, ...accepted, opened: 2, acceptanceRate: 1 },
      { start: '2026-11-22T11:00:00.000Z', sold: nothing, bought: nothing, ...noActivity },
      { start: '2026-11-22T12:00:00.000Z', sold: nothing, bought, ...noActivity, opened: 1, rejected: 1, expired: 2, acceptanceRate: 0 }
    ],
    totals: { sold, bought, ...noActivity, ...accepted, opened: 3, rejected: 1, expired: 2, acceptanceRate: 0.25 }
  })

  const selling = await figures(alice, { ...hourly, side: 'sell' })
  t.match([selling.totals.sold, selling.totals.bought, selling.totals.opened], [sold, nothing, 2])
  const buying = await figures(alice, { ...hourly, side: 'buy' })
  t.match([buying.totals.sold, buying.totals.bought, buying.totals.opened], [nothing, bought, 1])
  t.match((await figures(alice, { ...hourly, currency: 'CHF' })).totals.sold, { trades: 1, amount: '0.007', value: '0.00000049' })
  t.strictSame((await figures(new TestUser(app, 'nobody'), hourly)).totals, { sold: nothing, bought: nothing, ...noActivity })
})

t.test('the figures of the current generation are shown', async t => {
  const app = await testApp(t, on)
  for (const generation of [1, 2, 3]) await addToSlot(app, { userId: 'alice', side: 'sell', at: hourly.from, generation }, { opened: generation })
  const { direct } = app.entities
  await direct.write(direct.statsGeneration.put({ name: 'stats', current: 2, building: 3, salt: '' }))
  t.equal((await figures(new TestUser(app, 'alice'), hourly)).totals.opened, 2)
})

t.test('a quarter hour belongs to the day of the zone that is asked for', async t => {
  const app = await testApp(t, on)
  const alice = new TestUser(app, 'alice')
  for (const at of ['2026-11-21T18:00:00Z', '2026-11-21T18:15:00Z', '2026-11-21T23:00:00Z', '2026-11-22T00:00:00Z']) await addToSlot(app, { userId: 'alice', side: 'buy', at }, { opened: 1 })
  for (const [timeZone, ...expected] of [['UTC', 3, 1], ['Europe/Berlin', 2, 2], ['Asia/Kathmandu', 1, 3], ['America/New_York', 4, 0]] as const) {
    const { series } = await figures(alice, { from: '2026-11-21', to: '2026-11-23', timeZone })
    t.same(series.map(({ opened }) => opened), expected, timeZone)
  }
})

t.test('sums stay exact where numbers don\'t', async t => {
  const app = await testApp(t, on)
  const at = '2026-11-22T10:00:00Z'
  // The dearest and largest trade that there can be, ten thousand times, and the least.
  const [amount, price] = [10n ** 12n, 10n ** 11n]
  await addToSlot(app, { userId: 'alice', side: 'sell', at }, agreed(amount * 10_000n, price, 10_000))
  await addToSlot(app, { userId: 'alice', side: 'sell', at }, agreed(1, 1))
  const { totals } = await figures(new TestUser(app, 'alice'), hourly)
  t.same(totals.sold, { trades: 10_001, amount: '10000000000000.001', value: '10000000000000000000.00000001', vwap: '1000000' })
})

t.test('means are rounded half to even, and a median is a class', async t => {
  const app = await testApp(t, on)
  const alice = new TestUser(app, 'alice')
  for (const [given, expected] of [
    [{ accepted: 1, rejected: 2, time0: 1, milliseconds: 1, revisions: 1 }, { acceptanceRate: 0.3333, medianTimeToAgreement: { atMost: 60 }, meanSecondsToAgreement: 0.001, meanRevisions: 1, meanSpreadBps: null }],
    [{ accepted: 2, withdrawn: 1, time0: 1, time7: 1, milliseconds: 5, revisions: 3 }, { acceptanceRate: 0.6667, medianTimeToAgreement: { atMost: 60 }, meanSecondsToAgreement: 0.002, meanRevisions: 1.5 }],
    [{ accepted: 2, time0: 1, time7: 1, milliseconds: 7, revisions: 2 }, { acceptanceRate: 1, meanSecondsToAgreement: 0.004 }],
    [{ accepted: 3, time0: 1, time7: 2, milliseconds: 3, revisions: 4 }, { medianTimeToAgreement: { atMost: null }, meanRevisions: 1.33 }],
    [{ accepted: 5, time2: 2, time3: 1, time6: 2, milliseconds: 3, revisions: 5, spreads: 8, spread0: 1 }, { medianTimeToAgreement: { atMost: 3600 }, meanSpreadBps: 0.12 }],
    [{ accepted: 1, time6: 1, milliseconds: 604_800_000, revisions: 50, spreads: 8, spread0: -3 }, { medianTimeToAgreement: { atMost: 604_800 }, meanSecondsToAgreement: 604_800, meanSpreadBps: -0.38 }],
    [{ accepted: 1, time7: 1, milliseconds: 9e15, revisions: 1, spreads: 1, spread0: -1, spread1: -9_999 }, { meanSecondsToAgreement: 9e12, meanSpreadBps: -999_900_000_001 }],
    [{ rejected: 1, spreads: 0 }, { acceptanceRate: 0, medianTimeToAgreement: null, meanSecondsToAgreement: null, meanRevisions: null, meanSpreadBps: null }]
  ] as const) {
    const userId = `user-${JSON.stringify(given).replace(/\W/g, '')}`.slice(0, 100)
    await addToSlot(app, { userId, side: 'sell', at: hourly.from }, given)
    t.match((await figures(new TestUser(app, userId), hourly)).totals, expected, JSON.stringify(given))
  }
  t.match((await figures(alice)).series.length, 30)
})

t.test('the series of any slots is their fold, and so are the totals', async () => {
  const app = await testApp(t, on)
  const first = Date.parse('2026-10-20T00:00:00Z')
  let users = 0
  const slot = fc.record({
    quarter: fc.integer({ min: 0, max: 10 * 96 }), side: fc.constantFrom('sell' as const, 'buy' as const), amount: fc.integer({ min: 1, max: 1e12 }), price: fc.integer({ min: 1, max: 1e11 })
  })
  await fc.assert(fc.asyncProperty(
    fc.array(slot, { maxLength: 12 }), fc.constantFrom<Granularity>('quarterHour', 'hour', 'day', 'month'), fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
    async (slots, granularity, timeZone) => {
      const user = new TestUser(app, `user-${++users}`)
      for (const { quarter, side, amount, price } of slots) await addToSlot(app, { userId: user.id, side, at: first + quarter * 900_000 }, { ...agreed(amount, price), opened: 1 })
      const { from, to, series, totals } = await figures(user, { from: '2026-10-22T00:00:00Z', to: '2026-10-29T00:00:00Z', granularity, timeZone })
      const ends = [...series.map(({ start }) => Date.parse(start)), Date.parse(to)]
      assert.equal(series[0]?.start, from)
      for (const [n, { start, end }] of [...series.map((_, n) => ({ start: ends[n]!, end: ends[n + 1]! })), { start: Date.parse(from), end: Date.parse(to) }].entries()) {
        const shown = series[n] ?? totals
        const within = slots.filter(({ quarter }) => first + quarter * 900_000 >= start && first + quarter * 900_000 < end)
        for (const [side, { trades, amount, value }] of [['sell', shown.sold], ['buy', shown.bought]] as const) {
          const own = within.filter(slot => slot.side === side)
          assert.equal(trades, own.length)
          assert.equal(unitsOf(amount, 3), own.reduce((sum, { amount }) => sum + BigInt(amount), 0n))
          assert.equal(unitsOf(value, 8), own.reduce((sum, { amount, price }) => sum + BigInt(amount) * BigInt(price), 0n))
        }
        assert.equal(shown.opened, within.length)
      }
    }
  ), { numRuns: 60 })
})

function unitsOf (decimal: string, places: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}

t.test('what is agreed over HTTP is there for both, each on their own side, soon after', async t => {
  const { app, settled } = await countedApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const startTime = later(3 * 24 * 60 * 60 * 1000)
  const offer = await open(alice, bob, { tradeType: 'sell', pricePerUnit: 0.25, totalAmount: 10, startTime })
  await respond(bob, offer, { response: 'counter', pricePerUnit: 0.2 })
  t.equal((await respond(alice, offer, { response: 'accept', revision: 2 })).statusCode, 200)
  await settled()
  const traded = { trades: 1, amount: '10', value: '2', vwap: '0.2' }
  for (const [user, sold, bought] of [[alice, traded, nothing], [bob, nothing, traded]] as const) {
    const { series, totals } = await figures(user)
    t.match(totals, { sold, bought, opened: 1, accepted: 1, acceptanceRate: 1, meanRevisions: 2, meanSpreadBps: -2000 }, user.id)
    t.same(series.filter(({ sold, bought }) => sold.trades + bought.trades > 0).map(({ start }) => start.slice(0, 10)), [startTime.slice(0, 10)], 'on the day of the delivery')
    t.same(series.filter(({ accepted }) => accepted > 0).length, 1)
  }
})

t.test('what isn\'t in order is refused with its place, in every language', async t => {
  const app = await testApp(t, on)
  const alice = new TestUser(app, 'alice')
  for (const [query, path, keyword] of [
    [{ timeZone: 'Europe/Atlantis' }, '/timeZone', 'format'], [{ timeZone: '+01:00' }, '/timeZone', 'format'], [{ from: '2026-02-30' }, '/from', 'format'],
    [{ to: '2026-11-22T10:00:00' }, '/to', 'format'], [{ from: '1999-12-31' }, '/from', 'format'], [{ currency: 'XYZ' }, '/currency', 'format'], [{ granularity: 'week' }, '/granularity', 'enum'],
    [{ side: 'both' }, '/side', 'enum'], [{ from: '2026-11-22', to: '2026-11-22' }, '/to', 'after'], [{ userId: 'bob' }, '', 'additionalProperties']
  ] as const) {
    const messages = []
    for (const locale of locales) {
      const response = await alice.request({ url: `/api/analytics/me?${new URLSearchParams(query as Record<string, string>).toString()}`, headers: { 'accept-language': locale } })
      const { code, errors } = response.json<{ code: string, errors: Array<{ path: string, keyword: string, message: string }> }>()
      t.match([response.statusCode, code, errors], [400, 'validation_failed', [{ path, keyword }]], `${locale} ${JSON.stringify(query)}`)
      messages.push(errors[0]?.message)
    }
    t.equal(new Set(messages).size, locales.length, String(messages))
  }
  const { detail } = refused(t, await ask(alice, { from: '2024-01-01', to: '2026-01-01' }), 'range_too_large')
  t.equal(detail, 'At most 366 days and 3,000 intervals')
})

t.test('where nothing is counted there are no figures', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  for (const path of ['/analytics/me', '/analytics/me/counterparties', '/analytics/market', '/integrations/analytics']) {
    const response = await alice.request({ url: `/api${path}` })
    t.match(response.json(), { code: path.startsWith('/integrations') ? /^(key_invalid|route_not_found)$/ : 'route_not_found' }, path)
  }
  t.notOk(Object.keys(app.swagger().paths ?? {}).some(path => path.includes('analytics')))
})
