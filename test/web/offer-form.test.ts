import { parseAbsolute, parseZonedDateTime } from '@internationalized/date'
import type { Proposal } from 'equilux-chat-client'
import fc from 'fast-check'
import t from 'tap'
import { checkCounter, checkOffer } from '../../web/src/offers/form/check.js'
import { draftOf, emptyDraft, type Draft, type Writing } from '../../web/src/offers/form/draft.js'
import { serverFaults } from '../../web/src/offers/form/server-faults.js'

const now = Date.parse('2027-03-01T12:00:00Z')
const writing = (locale: string, unit: 'currency' | 'cents' = 'currency'): Writing => ({ locale, timeZone: 'Europe/Berlin', priceOptions: { unit } })
const berlin = (time: string) => parseZonedDateTime(`${time}[Europe/Berlin]`)
const draft = (different: Partial<Draft> = {}): Draft => ({ ...emptyDraft('EUR'), energy: '12.5', price: '0.27', start: berlin('2027-03-02T12:00'), ...different })
const standing: Proposal = {
  pricePerUnit: 0.27, currency: 'EUR', totalAmount: 12.5, totalPrice: '3.375', startTime: '2027-03-02T11:00:00.000Z', tradeType: 'sell', expiresAt: '2027-03-02T11:00:00.000Z', proposedBy: 'anna'
}

t.test('what was typed becomes the terms that are sent', async t => {
  t.same(checkOffer(draft({ side: 'buy' }), writing('en'), now), {
    terms: { pricePerUnit: 0.27, totalAmount: 12.5, currency: 'EUR', startTime: '2027-03-02T11:00:00.000Z', tradeType: 'buy' }
  })
  const { terms } = checkOffer(draft({ energy: '1.234,5', price: '27,5', end: berlin('2027-03-02T14:00'), expires: berlin('2027-03-02T08:00') }), writing('de', 'cents'), now)
  t.match(terms, { totalAmount: 1234.5, pricePerUnit: 0.275, endTime: '2027-03-02T13:00:00.000Z', expiresAt: '2027-03-02T07:00:00.000Z' })
})

t.test('a window over a change of the clocks is as long as it really is', async t => {
  const { terms } = checkOffer(draft({ start: berlin('2027-03-28T01:00'), end: berlin('2027-03-28T04:00') }), writing('en'), now)
  t.equal(Date.parse(terms?.endTime ?? '') - Date.parse(terms?.startTime ?? ''), 2 * 3_600_000, 'in spring an hour is missing')
  const autumn = checkOffer(draft({ start: berlin('2027-10-31T01:00'), end: berlin('2027-10-31T04:00') }), writing('en'), now)
  t.equal(Date.parse(autumn.terms?.endTime ?? '') - Date.parse(autumn.terms?.startTime ?? ''), 4 * 3_600_000, 'in autumn there is one twice')
})

t.test('what is wrong is said of the field that it is in', async t => {
  const faults = (different: Partial<Draft>, locale = 'en', unit: 'currency' | 'cents' = 'currency') => {
    const { faults = {} } = checkOffer(draft(different), writing(locale, unit), now)
    return Object.fromEntries(Object.entries(faults).map(([field, { id, values }]) => [field, values === undefined ? id : [id, ...Object.values(values)]]))
  }
  t.same(faults({ energy: ' ', price: '', start: null }), {
    energy: 'trades.fault.energyMissing', price: 'trades.fault.priceMissing', start: 'trades.fault.startMissing'
  })
  t.same(faults({ energy: '12.5', price: 'free' }, 'de'), { price: ['trades.fault.noNumber', '1.234,5'], energy: ['trades.fault.noNumber', '1.234,5'] })
  t.same(faults({ energy: '0', price: '-1' }), { energy: 'trades.fault.notPositive', price: 'trades.fault.notPositive' })
  t.same(faults({ energy: '0.1234', price: '0.123456' }), { energy: ['trades.fault.places', 3], price: ['trades.fault.places', 5] })
  t.same(faults({ price: '12.3456' }, 'en', 'cents'), { price: ['trades.fault.places', 3] })
  t.same(faults({ energy: '1000000001', price: '1000001' }), { energy: ['trades.fault.tooMuch', '1,000,000,000'], price: ['trades.fault.tooMuch', '1,000,000'] })
  t.same(faults({ price: '100000001' }, 'en', 'cents'), { price: ['trades.fault.tooMuch', '100,000,000'] })
  t.same(faults({ start: berlin('2027-03-01T13:00') }), { start: 'trades.fault.past' }, 'now is not in the future')
  t.same(faults({ start: berlin('2032-03-01T13:01') }), { start: ['trades.fault.far', 5] })
  t.same(faults({ end: berlin('2027-03-02T12:00') }), { end: 'trades.fault.endFirst' })
  t.same(faults({ expires: berlin('2027-03-02T12:01') }), { expires: 'trades.fault.expiresLate' })
  t.same(faults({ text: '☀️'.repeat(2001) }), { text: ['trades.fault.textLong', 4000] })
  t.same(faults({ text: '🔋'.repeat(4000) }), {}, 'code points are counted, as the server does')
})

t.test('a counter-offer holds only what it changes', async t => {
  const begun = draftOf(standing, 'buy', writing('en'))
  const terms = (different: Partial<Draft>, from = standing) => checkCounter({ ...draftOf(from, 'buy', writing('en')), ...different }, from, writing('en'), now)
  t.match(begun, { energy: '12.5', price: '0.27', expires: null, end: null, side: 'buy' })
  t.same(terms({}), { faults: { form: { id: 'trades.fault.unchanged' } } })
  t.same(terms({ text: 'Please' }), { faults: { form: { id: 'trades.fault.unchanged' } } }, 'words alone are no other terms')
  t.same(terms({ price: '0.25' }), { terms: { pricePerUnit: 0.25 } })
  t.same(terms({ start: berlin('2027-03-03T12:00') }), { terms: { startTime: '2027-03-03T11:00:00.000Z' } }, 'the expiry goes along')
  const early = { ...standing, expiresAt: '2027-03-02T07:00:00.000Z' }
  t.same(terms({ expires: null }, early), { terms: { expiresAt: early.startTime } }, 'without an expiry it is open until delivery starts')
  t.same(terms({ price: '0.25' }, early), { terms: { pricePerUnit: 0.25 } })
  const ending = { ...standing, endTime: '2027-03-02T13:00:00.000Z' }
  t.same(terms({ end: null, price: '0.25' }, ending), { faults: { end: { id: 'trades.fault.endStays' } } })
})

t.test('terms that are written out and read again are the same, in every language and unit', async () => {
  fc.assert(fc.property(
    fc.constantFrom('en', 'de', 'fr', 'es', 'ar', 'ar-EG', 'hi'), fc.constantFrom('currency' as const, 'cents' as const), fc.constantFrom('EUR', 'JPY', 'INR'),
    fc.integer({ min: 1, max: 1e11 }), fc.integer({ min: 1, max: 1e12 }),
    (locale, unit, currency, price, energy) => {
      const terms = { ...standing, currency, pricePerUnit: price / 1e5, totalAmount: energy / 1e3 }
      const written = draftOf(terms, 'sell', writing(locale, unit))
      const { terms: read } = checkOffer(written, writing(locale, unit), now)
      return read?.pricePerUnit === terms.pricePerUnit && read.totalAmount === terms.totalAmount && read.startTime === standing.startTime
    }
  ), { numRuns: 500 })
})

t.test('a time that stands is kept to the millisecond', async t => {
  const startTime = '2027-03-02T11:00:30.123Z'
  t.equal(draftOf({ ...standing, startTime }, 'sell', writing('en')).start?.toAbsoluteString(), parseAbsolute(startTime, 'Europe/Berlin').toAbsoluteString())
  t.same(checkCounter({ ...draftOf({ ...standing, startTime, expiresAt: startTime }, 'sell', writing('en')), price: '1' }, { ...standing, startTime, expiresAt: startTime }, writing('en'), now),
    { terms: { pricePerUnit: 1 } })
})

t.test('what the server finds wrong stands beside the field as well', async t => {
  const error = { code: 'validation_failed' as const, title: '', detail: '', retryable: false, errors: [{ path: '/startTime', message: 'must be in the future' }, { path: '/nothing', message: 'x' }] }
  t.same(serverFaults(error), { start: 'must be in the future' })
  t.same(serverFaults(undefined), {})
})
