import { parseDate } from '@internationalized/date'
import fc from 'fast-check'
import t from 'tap'
import { agreementClasses as servers, maxDays as mostDays, maxPoints } from '../../schemas/analytics.js'
import { configOf } from '../../web/src/analytics/chart/config.js'
import { colours, type Drawing } from '../../web/src/analytics/chart/drawing.js'
import type { Look } from '../../web/src/analytics/chart/use-look.js'
import { zonesLike } from '../../web/src/analytics/controls/zones.js'
import { csvOf } from '../../web/src/analytics/figure/column.js'
import { agreementClasses } from '../../web/src/analytics/figures/agreement-classes.js'
import { intervalText } from '../../web/src/analytics/interval-text.js'
import { numberText } from '../../web/src/analytics/number-text.js'
import { daysOf, faultOf, maxDays } from '../../web/src/analytics/query/days.js'
import { granularities, granularitiesFor, granularityFor } from '../../web/src/analytics/query/granularity.js'
import { monthsAround } from '../../web/src/analytics/query/months.js'
import { questionOf } from '../../web/src/analytics/query/questions.js'
import { initialView, presets, readView, tabs, writeView, type View } from '../../web/src/analytics/query/view.js'

const place = { now: Date.parse('2026-11-26T23:30:00Z'), timeZone: 'Europe/Berlin', currency: 'EUR' }
const day = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }).map(date => date.toISOString().slice(0, 10))

t.test('a view stands in the address, whatever it is', async t => {
  const option = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined })
  const views: fc.Arbitrary<View> = fc.record({
    tab: fc.constantFrom(...tabs),
    range: fc.oneof(fc.constantFrom(...presets), fc.record({ from: day, to: day })),
    granularity: option(fc.constantFrom(...granularities)),
    side: option(fc.constantFrom('sell' as const, 'buy' as const)),
    currency: option(fc.constantFrom('EUR', 'CHF')),
    timeZone: option(fc.constantFrom('UTC', 'America/Argentina/Buenos_Aires')),
    month: option(day.map(day => day.slice(0, 7)))
  })
  fc.assert(fc.property(views, view => { t.same(readView(new URLSearchParams(String(writeView(view)))), view) }), { numRuns: 200 })
  t.equal(String(writeView(initialView)), '', 'what shows at first needs no words')
  const nonsense = 'tab=3&range=1y&from=2026-02-30&to=2026-03-01&by=second&side=both&currency=euro&zone=Mars/Base&month=2026-13&locale=de'
  t.same(JSON.parse(JSON.stringify(readView(new URLSearchParams(nonsense)))), initialView, 'what it doesn\'t know it leaves alone')
})

t.test('a range is of the days where one looks, and never of more than the server tells', async t => {
  const shown = (range: View['range'], today = '2026-11-26') => {
    const { from, to, count } = daysOf(range, parseDate(today))
    return [from.toString(), to.toString(), count]
  }
  t.same(shown('today'), ['2026-11-26', '2026-11-27', 1])
  t.same(shown('7d'), ['2026-11-20', '2026-11-27', 7])
  t.same(shown('30d'), ['2026-10-28', '2026-12-05', 38], 'what was agreed is still to be delivered')
  t.same(shown('12m'), ['2025-12-01', '2026-12-01', 365])
  t.same(shown('12m', '2024-12-31')[2], 366, 'a leap year')
  t.same(shown({ from: '2026-03-01', to: '2026-03-01' }), ['2026-03-01', '2026-03-02', 1])
  t.equal(maxDays, mostDays)
  fc.assert(fc.property(fc.constantFrom(...presets), day, (preset, today) => faultOf(daysOf(preset, parseDate(today))) === undefined))
  const fault = (from: string, to: string) => faultOf(daysOf({ from, to }, parseDate('2026-11-26')))
  t.same([fault('2026-01-02', '2026-01-01'), fault('2025-01-01', '2026-01-01'), fault('2025-01-01', '2026-01-02')], ['backwards', undefined, 'tooLong'])
})

t.test('intervals are neither too many nor only one', async t => {
  t.same([1, 2, 38, 92, 93, 366].map(count => granularityFor(count, undefined)), ['hour', 'hour', 'day', 'day', 'month', 'month'])
  t.equal(granularityFor(7, 'quarterHour'), 'quarterHour')
  t.equal(granularityFor(8, 'quarterHour'), 'day', 'which is too long for those')
  t.equal(granularityFor(-3, 'day'), 'hour')
  const points = { quarterHour: 100, hour: 25, day: 1, month: 1 / 28 }
  for (let count = 1; count <= maxDays; count++) {
    t.ok(granularitiesFor(count).includes(granularityFor(count, undefined)))
    t.ok(granularitiesFor(count).every(name => count * points[name] <= maxPoints))
  }
})

t.test('one\'s own figures are asked for by days of the zone, and the market\'s by instants, as far as it is over', async t => {
  const { own, market, counterparties } = questionOf({ ...initialView, range: 'today' }, place)
  t.same(own, { from: '2026-11-27', to: '2026-11-28', granularity: 'hour', currency: 'EUR', timeZone: 'Europe/Berlin' }, 'in Berlin it is tomorrow')
  t.same(market, { from: '2026-11-26T23:00:00.000Z', to: '2026-11-27T00:00:00.000Z', currency: 'EUR' })
  t.same(counterparties, { month: '2026-11', currency: 'EUR' })
  t.match(questionOf({ ...initialView, side: 'buy', currency: 'CHF', timeZone: 'UTC', month: '2025-01' }, place), {
    own: { from: '2026-10-28', to: '2026-12-05', granularity: 'day', side: 'buy', currency: 'CHF', timeZone: 'UTC' }, counterparties: { month: '2025-01' }
  })
  const clocks = questionOf({ ...initialView, range: { from: '2026-10-25', to: '2026-10-25' } }, place)
  t.same(clocks.market, { from: '2026-10-24T22:00:00.000Z', to: '2026-10-25T23:00:00.000Z', currency: 'EUR' }, 'a day of 25 hours')
  t.equal(questionOf({ ...initialView, range: { from: '2026-11-28', to: '2026-11-29' } }, place).market, undefined)
  const refused = questionOf({ ...initialView, range: { from: '2026-11-02', to: '2026-11-01' } }, place)
  t.same([refused.fault, refused.own, refused.market], ['backwards', undefined, undefined])
})

t.test('months to choose from go from the next one back for a year, with whichever was chosen', async t => {
  const months = monthsAround(place.now, '2026-11')
  t.same([months[0], months.at(-1), months.length], ['2026-12', '2025-11', 14])
  t.equal(monthsAround(place.now, '2020-01').at(-1), '2020-01')
})

t.test('numbers have all their digits', async t => {
  const number = numberText('en', { unit: 'currency' })
  t.equal(number.money('9007199254740993.00000001', 'EUR').slice(1, -1), '€9,007,199,254,740,993.00000001')
  t.equal(number.energy('9007199254740993.125'), '9,007,199,254,740,993.125\u00a0kWh')
  t.equal(number.price('0.26849', 'EUR'), '€0.26849/kWh')
  t.equal(numberText('de', { unit: 'cents' }).price('0.26849', 'EUR'), '26,849\u00a0ct/kWh')
  t.same([number.price(null, 'EUR'), number.rate(null), number.spread(null), number.count(null)], ['–', '–', '–', '–'])
  t.same([number.rate(0.3333), number.spread(-333.33).slice(1, -1), number.spread(25).slice(1, -1), number.spread(0).slice(1, -1)], ['33.33%', '-3.3333%', '+0.25%', '0%'])
  t.same([60, 900, 14_400, 604_800, 45].map(seconds => number.duration(seconds)), ['1 minute', '15 minutes', '4 hours', '7 days', '45 seconds'])
  t.same([number.priceTick(0.1 + 0.2, 'EUR'), number.tick(1e6)], ['€0.30', '1,000,000'])
})

t.test('an interval is told from all others, also where the clocks are set back', async t => {
  const hours = intervalText('en', 'hour', 'Europe/Berlin', false)
  t.not(hours.full('2026-10-25T00:00:00.000Z'), hours.full('2026-10-25T01:00:00.000Z'), 'both are two o\'clock')
  t.same(['2026-10-24T22:00:00.000Z', '2026-10-24T23:00:00.000Z'].map(hours.isMajor), [true, false])
  t.equal(hours.short('2026-10-24T22:00:00.000Z'), 'Oct 25')
  t.notOk(intervalText('en', 'hour', 'Europe/Berlin', true).isMajor('2026-10-24T22:00:00.000Z'))
  t.equal(intervalText('en', 'day', 'Asia/Kathmandu', false).full('2026-10-24T18:15:00.000Z'), 'Sun, Oct 25, 2026')
  t.equal(intervalText('de', 'month', 'UTC', false).full('2026-10-01T00:00:00.000Z'), 'Oktober 2026')
})

t.test('a download says numbers as the server did, and runs nothing', async t => {
  const rows = [{ name: '=1+1', amount: '9007199254740993.125', spread: -370.5, price: null }]
  t.equal(csvOf([
    { name: 'name', value: ({ name }) => name }, { name: 'amountKWh', value: ({ amount }) => amount }, { name: 'bps', value: ({ spread }) => spread }, { name: 'price', value: ({ price }) => price }
  ], rows), '\uFEFFname,amountKWh,bps,price\r\n\'=1+1,9007199254740993.125,-370.5,\r\n')
})

t.test('a time zone is found by what its name has, in any order', async t => {
  t.same(zonesLike('new york', []), ['America/New_York'])
  t.same(zonesLike('york  NEW', ['Europe/Berlin']), ['America/New_York'])
  t.equal(zonesLike('', ['Europe/Berlin', 'UTC'])[1], 'UTC')
  t.same(zonesLike('atlantis', []), [])
})

t.test('from right to left a chart is mirrored; where nothing may move nothing does', async t => {
  const drawing: Drawing = {
    labels: [{ short: '1', full: 'one' }, { short: '2', full: 'two' }],
    axis: { title: 'Energy', tick: String },
    second: { title: 'Price', tick: String, isFree: true },
    series: [
      { kind: 'bar', label: 'Sold', values: [1, null], text: () => '1 kWh', colour: 'accent' },
      { kind: 'line', label: 'Price', values: [2, null], text: () => '€2', colour: 'ink', axis: 'second', isDashed: true }
    ]
  }
  const look = { colours: Object.fromEntries(colours.map(name => [name, '#000'])), font: 'sans', locale: 'ar', isRtl: true, isStill: true, isNarrow: false } as Look
  const { scales, animation, plugins } = configOf(drawing, look).options ?? {}
  t.match({ scales, animation, plugins }, { scales: { x: { reverse: true }, first: { position: 'right' }, second: { position: 'left' } }, animation: false, plugins: { tooltip: { rtl: true } } })
  const { options, data } = configOf(drawing, { ...look, isRtl: false, isStill: false })
  t.match(options?.scales, { x: { reverse: false }, first: { position: 'left', beginAtZero: true }, second: { position: 'right', beginAtZero: false } })
  t.ok(options?.animation)
  t.match(data.datasets, [{ data: [1, null] }, { data: [2, null], borderDash: [6, 4], pointStyle: 'triangle' }])
  t.match(configOf({ ...drawing, isHorizontal: true }, look).options?.scales, { y: { position: 'right', reverse: false }, first: { reverse: true } })
})

t.test('agreements are in the classes in which the server counts them', async t => {
  t.same(agreementClasses, servers)
})
