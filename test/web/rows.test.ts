import fc from 'fast-check'
import t from 'tap'
import type { Entry } from '../../client/src/store/index.js'
import { dayOf, daysBetween } from '../../web/src/thread/day.js'
import { countAfter, isPrepended, rowsOf, seqAt } from '../../web/src/thread/rows.js'

const entry = (seq: number, timestamp: string, isOwn = false, messageType: 'text' | 'tradeOffer' = 'text'): Entry => ({
  key: `key ${seq}`,
  isOwn,
  state: isOwn ? 'delivered' : 'received',
  message: { seq, timestamp, messageType, text: `text ${seq}` } as Entry['message']
})

/** The rows in short: days, `unread`, and entries with brackets where a group begins and ends. */
const shown = (entries: Entry[], timeZone = 'UTC', readSeq?: number) => rowsOf(entries, timeZone, readSeq).map(row =>
  row.kind === 'entry' ? `${row.isFirst ? '[' : ''}${row.entry.message.seq}${row.isLast ? ']' : ''}` : row.kind === 'day' ? row.key.slice(4) : row.kind)

t.test('a day begins at midnight where the reader is', async t => {
  const entries = [entry(1, '2027-06-01T21:59:59Z'), entry(2, '2027-06-01T22:00:00Z')]
  t.same(shown(entries, 'UTC'), ['2027-06-01', '[1', '2]'])
  t.same(shown(entries, 'Europe/Berlin'), ['2027-06-01', '[1]', '2027-06-02', '[2]'])
  t.same(shown(entries, 'Asia/Kathmandu'), ['2027-06-02', '[1', '2]'], 'UTC+5:45')
  t.equal(dayOf('2027-06-01T18:14:59Z', 'Asia/Kathmandu'), '2027-06-01')
  t.equal(dayOf('2027-06-01T18:15:00Z', 'Asia/Kathmandu'), '2027-06-02')
})

t.test('days are told apart by the calendar, also where the clocks change', async t => {
  t.equal(daysBetween('2027-03-27', '2027-03-29'), 2)
  t.equal(daysBetween('2027-12-31', '2028-01-01'), 1)
  t.equal(daysBetween('2027-06-01', '2027-06-01'), 0)
})

t.test('what one side says in one go is a group; a pause, the other side, and an offer end it', async t => {
  t.same(shown([
    entry(1, '2027-06-01T12:00:00Z'), entry(2, '2027-06-01T12:01:00Z'), entry(3, '2027-06-01T12:02:00Z', true), entry(4, '2027-06-01T12:03:00Z'),
    entry(5, '2027-06-01T12:08:00Z'), entry(6, '2027-06-01T12:08:01Z', false, 'tradeOffer'), entry(7, '2027-06-01T12:08:02Z')
  ]), ['2027-06-01', '[1', '2]', '[3]', '[4]', '[5]', '[6]', '[7]'])
})

t.test('a line stands above the first message that was unread, once, and never above one\'s own', async t => {
  const entries = [entry(1, '2027-06-01T12:00:00Z'), entry(2, '2027-06-01T12:00:01Z'), entry(3, '2027-06-01T12:00:02Z')]
  t.same(shown(entries, 'UTC', 1), ['2027-06-01', '[1]', 'unread', '[2', '3]'])
  t.same(shown(entries, 'UTC', 3), ['2027-06-01', '[1', '2', '3]'])
  const own = [entry(1, '2027-06-01T12:00:00Z'), entry(2, '2027-06-01T12:00:01Z', true), entry(3, '2027-06-01T12:00:02Z'), entry(4, '2027-06-02T12:00:02Z')]
  t.same(shown(own, 'UTC', 1), ['2027-06-01', '[1]', '[2]', 'unread', '[3]', '2027-06-02', '[4]'])
  t.same(shown(own, 'UTC', 0), ['2027-06-01', 'unread', '[1]', '[2]', '[3]', '2027-06-02', '[4]'])
})

t.test('keys are unique, every entry is shown once and in order, and groups are closed', async () => {
  fc.assert(fc.property(
    fc.array(fc.record({ gap: fc.integer({ min: 0, max: 90_000_000 }), isOwn: fc.boolean(), isOffer: fc.boolean() }), { maxLength: 60 }),
    fc.option(fc.nat(60), { nil: undefined }),
    fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia'),
    (steps, readSeq, timeZone) => {
      let at = Date.parse('2027-03-20T00:00:00Z')
      const entries = steps.map(({ gap, isOwn, isOffer }, index) => entry(index + 1, new Date(at += gap).toISOString(), isOwn, isOffer ? 'tradeOffer' : 'text'))
      const rows = rowsOf(entries, timeZone, readSeq)
      let isOpen = false
      for (const row of rows) {
        if (row.kind !== 'entry') {
          if (isOpen) return false
          continue
        }
        if (row.isFirst === isOpen) return false
        isOpen = !row.isLast
      }
      return !isOpen && new Set(rows.map(({ key }) => key)).size === rows.length &&
        rows.flatMap(row => row.kind === 'entry' ? [row.entry.message.seq] : []).join() === entries.map(({ message }) => message.seq).join()
    }
  ))
})

t.test('what is read is known by the row, and what is missed by the position', async t => {
  const pending = { ...entry(4, '2027-06-01T12:00:03Z', true), message: { timestamp: '2027-06-01T12:00:03Z', messageType: 'text', text: 'on its way' } as Entry['message'] }
  const entries = [entry(1, '2027-06-01T12:00:00Z'), entry(2, '2027-06-01T12:00:01Z', true), entry(3, '2027-06-01T12:00:02Z'), pending]
  const rows = rowsOf(entries, 'UTC')
  t.same([0, 1, 2, 4, 9].map(index => seqAt(rows, index)), [undefined, 1, 2, 3, 3])
  t.same([0, 1, 2, 3].map(seq => countAfter(entries, seq)), [2, 1, 1, 0])
})

t.test('the place is kept from below only where rows came above', async t => {
  const all = Array.from({ length: 6 }, (_, index) => entry(index + 1, '2027-06-01T12:00:00Z'))
  const of = (from: number, to: number) => rowsOf(all.slice(from, to), 'UTC')
  t.ok(isPrepended(of(3, 6), of(0, 6)))
  t.notOk(isPrepended(of(0, 3), of(0, 6)))
  t.notOk(isPrepended([], of(0, 6)))
  t.notOk(isPrepended(of(0, 3), of(3, 6)), 'another stretch')
  t.ok(isPrepended(of(2, 3), rowsOf(all.slice(2, 3), 'UTC', 0)), 'a line above the first')
})
