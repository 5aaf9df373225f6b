import type { TradeMove, TradeOffer } from 'equilux-chat-client'
import fc from 'fast-check'
import t from 'tap'
import { differencesOf, since, withChanges } from '../../web/src/offers/differences.js'
import { newerOf, sideOf, standingAt } from '../../web/src/offers/standing.js'
import { csvHeader, csvRow } from '../../web/src/trades/csv-rows.js'
import { toCsv } from '../../web/src/trades/csv.js'
import { compareDecimals } from '../../web/src/trades/decimals.js'
import { columns, isFiltered, matches, queriesOf, readFilter, readSorting, statuses, writeSearch } from '../../web/src/trades/filter.js'
import { horizonOf, rowsOf, shortest } from '../../web/src/trades/rows.js'
import { sorted } from '../../web/src/trades/sort.js'

const at = (hour: number) => new Date(Date.UTC(2027, 0, 1, hour)).toISOString()

function offer (different: Partial<TradeOffer> = {}, terms: Partial<TradeOffer['currentProposal']> = {}): TradeOffer {
  return {
    messageId: 'a',
    conversationId: 'anna~bela',
    senderId: 'anna',
    receiverId: 'bela',
    status: 'pending',
    revision: 1,
    awaiting: 'bela',
    createdAt: at(1),
    updatedAt: at(1),
    currentProposal: { pricePerUnit: 0.27, currency: 'EUR', totalAmount: 12.5, totalPrice: '3.375', startTime: at(20), tradeType: 'sell', expiresAt: at(20), proposedBy: 'anna', ...terms },
    ...different
  }
}

const all = readFilter(new URLSearchParams())

t.test('what changed between terms is named, and what only goes along is not', async t => {
  const { currentProposal: terms } = offer()
  t.same(differencesOf(terms, terms), [])
  t.same(differencesOf(terms, { ...terms, pricePerUnit: 0.25, totalPrice: '3.125' }), ['price', 'total'])
  t.same(differencesOf(terms, { ...terms, currency: 'CHF' }), ['price', 'total'])
  t.same(differencesOf(terms, { ...terms, startTime: at(22), expiresAt: at(22) }), ['delivery'], 'an expiry at the start of delivery follows it')
  t.same(differencesOf(terms, { ...terms, expiresAt: at(10) }), ['expiry'])
  t.same(differencesOf(terms, { ...terms, endTime: at(21) }), ['delivery'])
  t.same(differencesOf(terms, { ...terms, startTime: '2027-01-01T21:00:00+01:00' }), [], 'the same instant is the same')
})

t.test('each counter-offer is told with the terms that it changed', async t => {
  const { currentProposal: first } = offer()
  const second = { ...first, pricePerUnit: 0.25, proposedBy: 'bela' }
  const history: TradeMove[] = [
    { revision: 1, action: 'offer', userId: 'anna', at: at(1), seq: 1, terms: first },
    { revision: 2, action: 'counter', userId: 'bela', at: at(2), seq: 2, terms: second },
    { revision: 2, action: 'accept', userId: 'anna', at: at(3), seq: 3 }
  ]
  const told = withChanges(history)
  t.same(told.map(({ before }) => before), [undefined, first, undefined])
  t.same(since(told, 1).map(({ action }) => action), ['counter', 'accept'])
  t.same(since(told, 2).map(({ action }) => action), ['accept'])
})

t.test('of two states the later one counts, and time runs out by itself', async t => {
  const [one, countered] = [offer(), offer({ revision: 2, status: 'countered', awaiting: 'anna' })]
  const accepted = offer({ status: 'accepted', awaiting: null })
  t.equal(newerOf(one, countered), countered)
  t.equal(newerOf(countered, accepted), countered)
  t.equal(newerOf(accepted, one), accepted)
  t.equal(newerOf(standingAt(one, Infinity), accepted), accepted, 'it may have been accepted in time')
  t.equal(standingAt(one, Date.parse(at(20)) - 1), one)
  t.match(standingAt(one, Date.parse(at(20))), { status: 'expired', awaiting: null, updatedAt: at(20) })
  t.equal(standingAt(one, Date.parse(at(20))), standingAt(one, Date.parse(at(21))), 'it is the same object each time')
  t.same([sideOf(one, 'anna'), sideOf(one, 'bela')], ['sell', 'buy'])
})

t.test('a filter stands in the address, whatever it is', async t => {
  const filters = fc.record({
    statuses: fc.subarray([...statuses]),
    side: fc.constantFrom(undefined, 'sell' as const, 'buy' as const),
    opened: fc.constantFrom(undefined, 'me' as const, 'other' as const),
    counterparty: fc.option(fc.stringMatching(/^[\w@.:|+=-]{1,20}$/), { nil: undefined }),
    isMyMove: fc.boolean()
  })
  const sortings = fc.option(fc.record({ column: fc.constantFrom(...columns), isDescending: fc.boolean() }), { nil: undefined })
  fc.assert(fc.property(filters, sortings, (filter, sorting) => {
    const search = new URLSearchParams(String(writeSearch(filter, sorting)))
    t.same(readFilter(search), filter)
    t.same(readSorting(search), sorting)
  }), { numRuns: 200 })
  t.same(readFilter(new URLSearchParams('status=nonsense&side=3&opened=&with=&locale=de')), all)
  t.notOk(isFiltered(all))
})

t.test('the server is asked for what the filter lets through, and for nothing else', async t => {
  t.same(queriesOf(all), [{ role: 'both' }])
  t.same(queriesOf({ ...all, opened: 'me', isMyMove: true, counterparty: 'bela' }), [{ role: 'sender', with: 'bela', awaiting: 'me' }])
  t.same(queriesOf({ ...all, side: 'sell' }), [{ role: 'sender', tradeType: 'sell' }, { role: 'receiver', tradeType: 'buy' }], 'who buys what another sells is on the other side')
  t.same(queriesOf({ ...all, side: 'buy', opened: 'other', statuses: ['pending'] }), [{ role: 'receiver', tradeType: 'sell', status: ['pending'] }])
  const mine = { ...all, side: 'buy' as const, opened: 'other' as const, isMyMove: true, counterparty: 'anna', statuses: ['pending' as const] }
  t.ok(matches(offer(), mine, 'bela'))
  for (const other of [{ side: 'sell' as const }, { opened: 'me' as const }, { counterparty: 'carl' }, { statuses: ['accepted' as const] }]) t.notOk(matches(offer(), { ...mine, ...other }, 'bela'))
  t.notOk(matches(offer({ awaiting: 'anna' }), mine, 'bela'))
})

t.test('nothing is shown beyond what was read in full, and everything in its newest state', async t => {
  const [oldest, old, young] = [offer({ messageId: '1', createdAt: at(1) }), offer({ messageId: '2', createdAt: at(2) }), offer({ messageId: '3', createdAt: at(3) })]
  const streams = [{ trades: [young], nextPageToken: 'more' }, { trades: [old], nextPageToken: null }]
  const rows = (heard: TradeOffer[], more = {}) => rowsOf({ streams, heard, filter: all, me: 'anna', now: 0, ...more }).map(({ messageId, status }) => `${messageId} ${status}`)
  t.same(rows([]), ['3 pending'], 'the first stream may hold others that are as old as the second')
  t.same(rows([{ ...young, status: 'accepted', awaiting: null }, offer({ messageId: '4', createdAt: at(4) }), oldest]), ['3 accepted', '4 pending'])
  t.same(rows([{ ...young, status: 'accepted', awaiting: null }], { filter: { ...all, statuses: ['pending'] } }), [], 'what doesn\'t match any more is gone')
  t.same(rows([], { now: Date.parse(at(20)) }), ['3 expired'])
  t.equal(horizonOf(streams), Date.parse(at(3)))
  t.same(shortest(streams), [0])
  t.same(shortest([{ trades: [], nextPageToken: undefined }, { trades: [], nextPageToken: undefined }]), [0, 1], 'at first nothing is known of any')
  t.equal(horizonOf([{ trades: [], nextPageToken: null }]), -Infinity)
})

t.test('decimals are compared by all their digits', async t => {
  const decimals = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 22n }), fc.bigInt({ min: 0n, max: 10n ** 22n }))
  const decimal = (units: bigint) => {
    const digits = String(units).padStart(9, '0')
    return `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '')
  }
  fc.assert(fc.property(decimals, ([one, other]) => Math.sign(compareDecimals(decimal(one), decimal(other))) === (one < other ? -1 : one > other ? 1 : 0)))
  t.ok(compareDecimals('1000000000000000.00000001', '1000000000000000') > 0)
})

t.test('offers are sorted by each column, and equal ones by their age', async t => {
  const context = { me: 'anna', nameOf: (userId: string) => ({ bela: 'Zoe', carl: 'Ärmel' })[userId] ?? userId, compareNames: new Intl.Collator('de').compare }
  const one = offer({ messageId: '1', createdAt: at(1) }, { totalPrice: '9.5', totalAmount: 3 })
  const two = offer({ messageId: '2', createdAt: at(2), receiverId: 'carl', status: 'accepted' }, { totalPrice: '10', totalAmount: 3 })
  const order = (column?: typeof columns[number], isDescending = false) => sorted([one, two], column && { column, isDescending }, context).map(({ messageId }) => messageId).join('')
  t.equal(order(), '21', 'the newest first')
  t.equal(order('total'), '12', 'as numbers, not as text')
  t.equal(order('total', true), '21')
  t.equal(order('energy'), '21')
  t.equal(order('other'), '21', 'as the language sorts names')
  t.equal(order('status'), '12')
})

/** Reads CSV as RFC 4180 says. */
function parse (csv: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

t.test('any text comes back out of the CSV as it went in', async t => {
  const texts = fc.array(fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '🔋', 'ب') }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 })
  fc.assert(fc.property(texts, rows => {
    const csv = toCsv(['a', 'b', 'c'], rows)
    t.equal(csv[0], '\uFEFF')
    t.same(parse(csv.slice(1)).slice(1), rows.map(row => row.map(text => /^[\r\n]/.test(text) ? `'${text}` : text)))
  }), { numRuns: 200 })
})

t.test('a name that is a formula is not run by a spreadsheet', async t => {
  for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1']) t.equal(parse(toCsv([], [[name]]).slice(1))[1]?.[0], `'${name}`)
  t.equal(toCsv([], [[-1, 0.00001, undefined]]).slice(3), '-1,0.00001,\r\n', 'numbers are none')
})

t.test('a row has all decimals and the names of its columns', async t => {
  const row = csvRow(offer({}, { totalPrice: '1000000000000000.00000001' }), 'bela', userId => `${userId}'s name`)
  t.equal(row.length, csvHeader.length)
  const named = Object.fromEntries(csvHeader.map((name, index) => [name, row[index]]))
  t.match(named, { counterparty: 'anna', counterpartyName: 'anna\'s name', side: 'buy', totalPrice: '1000000000000000.00000001', pricePerKWh: 0.27, awaiting: 'bela' })
})
