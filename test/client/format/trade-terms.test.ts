import fc from 'fast-check'
import t from 'tap'
import { formatEnergy, formatPrice, parseEnergy, parsePrice, totalPrice } from '../../../client/src/format/index.js'
import { amount, price } from '../../../client/src/format/limits.js'
import { amountDecimals, priceDecimals, ProposalSchema } from '../../../schemas/trade-offer.js'
import { multiplyUnits } from '../../../src/shared/decimal.js'

const locales = ['en', 'de', 'fr', 'es', 'ar', 'ar-EG', 'hi']
const prices = fc.integer({ min: 1, max: price.maximum * 10 ** price.places })
const amounts = fc.integer({ min: 1, max: amount.maximum * 10 ** amount.places })

t.test('the bounds are the server\'s', async t => {
  const { pricePerUnit, totalAmount } = ProposalSchema.properties
  t.same(price, { places: priceDecimals, maximum: pricePerUnit.maximum })
  t.same(amount, { places: amountDecimals, maximum: totalAmount.maximum })
})

t.test('the running total is the server\'s, to the last digit', async t => {
  fc.assert(fc.property(prices, amounts, (cost, energy) => {
    const total = multiplyUnits(cost, energy, priceDecimals + amountDecimals)
    return totalPrice(cost / 10 ** priceDecimals, energy / 10 ** amountDecimals) === total
  }), { numRuns: 2000 })
  t.equal(totalPrice(0.27, 12.5), '3.375')
  t.equal(totalPrice('0.10', '3'), '0.3')
  t.equal(totalPrice(1_000_000, 1_000_000_000), '1000000000000000')
})

t.test('there is no total as long as a term is missing or too exact', async t => {
  t.equal(totalPrice('', 1), undefined)
  t.equal(totalPrice(0.000001, 1), undefined)
  t.equal(totalPrice(1, 0.0001), undefined)
  t.equal(totalPrice(NaN, 1), undefined)
})

t.test('energy is shown in kWh', async t => {
  t.equal(formatEnergy(12.5, 'en'), '12.5\u00a0kWh')
  t.equal(formatEnergy(1234.567, 'de'), '1.234,567\u00a0kWh')
  t.equal(formatEnergy(1234567, 'hi'), '12,34,567\u00a0kWh')
  t.equal(formatEnergy(12.5, 'ar-EG'), '\u2068١٢٫٥\u00a0kWh\u2069', 'it keeps together where the text runs from right to left')
})

t.test('a price is shown per kWh, in the currency or in its cents', async t => {
  t.equal(formatPrice(0.27, 'EUR', 'en'), '€0.27/kWh')
  t.equal(formatPrice(0.27, 'EUR', 'de'), '0,27\u00a0€/kWh')
  t.equal(formatPrice(0.27, 'EUR', 'de', { unit: 'cents' }), '27\u00a0ct/kWh')
  t.equal(formatPrice(0.27555, 'EUR', 'de', { unit: 'cents' }), '27,555\u00a0ct/kWh')
  t.equal(formatPrice(0.57, 'GBP', 'en', { unit: 'cents' }), '57\u00a0p/kWh')
  t.equal(formatPrice(27, 'JPY', 'en', { unit: 'cents' }), '¥27/kWh', 'where there are no cents')
  t.equal(formatPrice(0.27, 'constructor', 'en', { unit: 'cents' }), '0.27 constructor/kWh')
  t.match(formatPrice(0.27, 'EUR', 'ar'), /^\u2068.*0\.27.*€\/kWh\u2069$/)
})

t.test('typed terms become the numbers that are sent', async t => {
  t.equal(parseEnergy('1.234,5', 'de'), 1234.5)
  t.equal(parsePrice('0,57', 'EUR', 'de'), 0.57)
  t.equal(parsePrice('57', 'EUR', 'de', { unit: 'cents' }), 0.57)
  t.equal(parsePrice('27', 'JPY', 'en', { unit: 'cents' }), 27, 'as they are shown where there are no cents')
  for (const text of ['0', '-1', '0,000001', '1000001', 'x', '']) t.equal(parsePrice(text, 'EUR', 'de'), undefined, text)
  for (const text of ['0', '-1', '0,0001', '1000000001', 'x', '']) t.equal(parseEnergy(text, 'de'), undefined, text)
  t.equal(parsePrice('0,0001', 'EUR', 'de', { unit: 'cents' }), undefined, 'a millionth is too exact')
})

t.test('what was shown of terms, typed again, is sent as the same terms', async () => {
  fc.assert(fc.property(fc.constantFrom(...locales), fc.constantFrom('currency', 'cents'), prices, amounts, (locale, unit, cost, energy) => {
    const [pricePerUnit, totalAmount] = [cost / 10 ** priceDecimals, energy / 10 ** amountDecimals]
    const typed = (shown: string) => shown.replace(/[^\p{Nd}.,٫٬'\u00a0\u202f]/gu, '').trim()
    return parsePrice(typed(formatPrice(pricePerUnit, 'EUR', locale, { unit })), 'EUR', locale, { unit }) === pricePerUnit &&
      parseEnergy(typed(formatEnergy(totalAmount, locale)), locale) === totalAmount
  }), { numRuns: 1000 })
})
