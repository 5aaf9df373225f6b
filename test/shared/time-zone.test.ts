import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isDayOrTime } from '../../src/shared/day-or-time.js'
import { isTimeZone, TimeZone } from '../../src/shared/time-zone.js'

t.test('a zone is what IANA names, and no offset', async t => {
  for (const name of ['UTC', 'Europe/Berlin', 'europe/berlin', 'Asia/Kolkata', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires']) t.ok(isTimeZone(name), name)
  for (const name of ['', 'Berlin', 'Europe/Atlantis', '+01:00', '-05', '../etc/passwd', 'UTC\0']) t.notOk(isTimeZone(name), name)
})

t.test('a day or a time is of the calendar, of this millennium, and says its offset', async t => {
  for (const text of [
    '2026-11-01', '2000-01-01', '2999-12-31', '2024-02-29', '2026-11-01T00:00:00Z', '2026-11-01T23:59:59.999999Z', '2026-11-01T10:00:00+05:45', '2026-11-01T10:00:00-23:59'
  ]) t.ok(isDayOrTime(text), text)
  for (const text of [
    '', '2026', '2026-11', '2026-11-1', '2026-02-30', '2025-02-29', '2026-13-01', '2026-00-10', '1999-12-31', '3000-01-01', '2026-11-01T10:00:00', '2026-11-01T24:00:00Z', '2026-11-01T23:59:60Z',
    '2026-11-01T10:00Z', '2026-11-01 10:00:00Z', '2026-11-01T10:00:00 01:00', '2026-11-01T10:00:00+0100', '2026-11-01T10:00:00+24:00', '2026-02-30T10:00:00Z', ' 2026-11-01', '2026-11-01\n'
  ]) t.notOk(isDayOrTime(text), JSON.stringify(text))
})

const zones = [
  'UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Africa/Casablanca', 'America/Havana', 'Asia/Beirut', 'Africa/Cairo',
  'Pacific/Apia', 'Pacific/Kiritimati', 'America/St_Johns', 'Antarctica/Troll'
]

t.test('clocks there show what Intl says', async () => {
  const made = new Map(zones.map(name => [name, {
    zone: new TimeZone(name),
    format: new Intl.DateTimeFormat('en-US', {
      timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric'
    })
  }]))
  const [from, to] = [Date.parse('2015-01-01'), Date.parse('2035-01-01')]
  fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: from, max: to }), (name, at) => {
    const { zone, format } = made.get(name)!
    const time = Math.floor(at / 1000) * 1000
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)])) as Record<string, number>
    const local = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second)
    assert.equal(zone.offsetAt(time), local - time, `${name} at ${new Date(time).toISOString()}`)
    assert.equal(zone.dayAt(time), Math.floor(local / 86_400_000))
    assert.equal(zone.monthAt(time), part.year! * 12 + part.month! - 1)
  }), { numRuns: 3000 })
})
