import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Granularity } from '../../../schemas/analytics.js'
import { readRange } from '../../../src/services/analytics/reading/range.js'
import { quarterHour } from '../../../src/services/analytics/times.js'
import { TimeZone } from '../../../src/shared/time-zone.js'

const day = 96 * quarterHour
const until = Date.parse('2026-11-26T10:20:00Z')

function read (granularity: Granularity, zone: string, query: { from?: string, to?: string }) {
  return readRange({ ...query, until }, { granularity, zone: new TimeZone(zone) })
}

function shown (...given: Parameters<typeof read>) {
  const { from, to, starts } = read(...given)
  return [new Date(from).toISOString(), new Date(to).toISOString(), starts.length]
}

t.test('days, hours and months begin where the clocks of the zone say, also on the day on which they are changed', async t => {
  for (const [granularity, zone, from, to, ...expected] of [
    ['hour', 'UTC', '2026-11-22', '2026-11-23', '2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z', 24],
    ['hour', 'Europe/Berlin', '2026-10-25', '2026-10-26', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z', 25],
    ['hour', 'Europe/Berlin', '2026-03-29', '2026-03-30', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', 23],
    ['quarterHour', 'Europe/Berlin', '2026-10-25', '2026-10-26', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z', 100],
    ['quarterHour', 'Europe/Berlin', '2026-03-29', '2026-03-30', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', 92],
    ['day', 'Asia/Kathmandu', '2026-11-22', '2026-11-24', '2026-11-21T18:15:00.000Z', '2026-11-23T18:15:00.000Z', 2],
    ['day', 'Pacific/Apia', '2011-12-29', '2012-01-01', '2011-12-29T10:00:00.000Z', '2011-12-31T10:00:00.000Z', 2],
    // Its clocks go from 0:00 to 1:00, so that a day begins at 1:00.
    ['day', 'Asia/Beirut', '2026-03-28', '2026-03-30', '2026-03-27T22:00:00.000Z', '2026-03-29T21:00:00.000Z', 2],
    ['month', 'America/New_York', '2026-03-10', '2026-11-02', '2026-03-01T05:00:00.000Z', '2026-12-01T05:00:00.000Z', 9],
    // Where half an hour is left out, or comes twice, an hour has two parts.
    ['hour', 'Australia/Lord_Howe', '2026-10-04', '2026-10-05', '2026-10-03T13:30:00.000Z', '2026-10-04T13:00:00.000Z', 24],
    ['hour', 'Australia/Lord_Howe', '2026-04-05', '2026-04-06', '2026-04-04T13:00:00.000Z', '2026-04-05T13:30:00.000Z', 25]
  ] as const) t.same(shown(granularity, zone, { from, to }), expected, `${granularity} ${zone} ${from}`)
})

t.test('a time is moved to where an interval begins, and what isn\'t said is filled in', async t => {
  t.same(shown('day', 'UTC', { from: '2026-11-22T10:15:30.123Z', to: '2026-11-22T10:15:30.124Z' }), ['2026-11-22T00:00:00.000Z', '2026-11-23T00:00:00.000Z', 1])
  t.same(shown('quarterHour', 'UTC', { from: '2026-11-22T10:15:00+01:00', to: '2026-11-22T09:30:00Z' }), ['2026-11-22T09:15:00.000Z', '2026-11-22T09:30:00.000Z', 1])
  t.same(shown('day', 'UTC', {}), ['2026-10-28T00:00:00.000Z', '2026-11-27T00:00:00.000Z', 30])
  t.same(shown('hour', 'UTC', { from: '2026-11-26T09:00:00Z' }), ['2026-11-26T09:00:00.000Z', '2026-11-26T11:00:00.000Z', 2])
  t.same(shown('month', 'UTC', {}), ['2026-10-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z', 2], 'the days before are in it, however much longer the last month is')
  t.same(shown('month', 'UTC', { to: '2026-12-01T05:00:00Z' }), ['2026-11-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z', 2])
  t.same(shown('day', 'UTC', { to: '2026-11-01' }), ['2026-10-02T00:00:00.000Z', '2026-11-01T00:00:00.000Z', 30])
})

t.test('there are 366 days and 3,000 intervals, and an end after the beginning', async t => {
  t.equal(read('day', 'UTC', { from: '2026-01-01', to: '2027-01-02' }).starts.length, 366)
  t.throws(() => read('day', 'UTC', { from: '2026-01-01', to: '2027-01-02T00:00:00.001Z' }), { code: 'range_too_large' })
  t.equal(read('month', 'Europe/Berlin', { from: '2026-01-01', to: '2027-01-01' }).starts.length, 12)
  t.throws(() => read('month', 'Europe/Berlin', { from: '2026-01-31', to: '2027-01-15' }), { code: 'range_too_large' })
  t.equal(read('hour', 'UTC', { from: '2026-01-01', to: '2026-05-06' }).starts.length, 3000)
  t.throws(() => read('hour', 'UTC', { from: '2026-01-01', to: '2026-05-06T00:00:01Z' }), { code: 'range_too_large' })
  t.throws(() => read('month', 'UTC', { from: '2000-01-01', to: '2999-12-31' }), { code: 'range_too_large' })
  for (const to of ['2026-11-22', '2026-11-21', '2026-11-21T23:59:59Z']) t.throws(() => read('month', 'UTC', { from: '2026-11-22', to }), { code: 'validation_failed' })
})

t.test('any range is cut as clocks do it, quarter hour by quarter hour', async () => {
  const zones = ['UTC', 'Europe/Berlin', 'America/Havana', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Asia/Beirut', 'Africa/Cairo', 'Pacific/Chatham']
  const labels = new Map(zones.map(timeZone => [timeZone, new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', timeZoneName: 'longOffset'
  })]))
  const labelOf = (granularity: Granularity, zone: string, at: number) => {
    const { year, month, day, hour, timeZoneName } = Object.fromEntries(labels.get(zone)!.formatToParts(at).map(({ type, value }) => [type, value])) as Record<string, string>
    return { quarterHour: String(at), hour: `${year}-${month}-${day} ${hour} ${timeZoneName}`, day: `${year}-${month}-${day}`, month: `${year}-${month}` }[granularity]
  }
  const [earliest, latest] = [Date.parse('2025-01-01'), Date.parse('2028-01-01')]
  fc.assert(fc.property(
    fc.constantFrom(...zones), fc.constantFrom<Granularity>('quarterHour', 'hour', 'day', 'month'), fc.integer({ min: earliest, max: latest }), fc.integer({ min: 1, max: 5 * day }),
    (zone, granularity, begin, length) => {
      const query = { from: new Date(begin).toISOString(), to: new Date(begin + length).toISOString() }
      const { from, to, starts } = read(granularity, zone, query)
      assert.ok(from <= begin && to >= begin + length)
      const expected = []
      for (let at = from; at < to; at += quarterHour) if (labelOf(granularity, zone, at) !== labelOf(granularity, zone, at - quarterHour)) expected.push(at)
      assert.deepEqual(starts, expected)
      assert.equal(starts[0], from, 'it begins where an interval does')
      assert.notEqual(labelOf(granularity, zone, to), labelOf(granularity, zone, to - quarterHour), 'and ends where one does')
      assert.ok(starts.filter(start => start <= begin).length === 1 && starts.filter(start => start >= begin + length).length === 0, 'and has no more than it must')
    }
  ), { numRuns: 150 })
})
