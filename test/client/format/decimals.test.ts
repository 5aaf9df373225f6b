import fc from 'fast-check'
import t from 'tap'
import { formatDecimal, formatMoney, parseDecimal } from '../../../client/src/format/index.js'
import { toDecimal } from '../../../client/src/format/decimal.js'

const locales = ['en', 'de', 'fr', 'es', 'ar', 'ar-EG', 'hi', 'bn', 'de-CH', 'en-IN', 'fa', 'he', 'pl', 'pt-PT', 'sv']

/** Decimals of up to 24 digits, in the shortest form. */
const decimals = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: 0, max: 20 })).map(([isNegative, digits, places]) =>
  toDecimal(`${isNegative ? '-' : ''}${digits}e-${places}`) ?? '')

t.test('what is shown reads back as the same decimal, whatever the locale', async () => {
  fc.assert(fc.property(fc.constantFrom(...locales), decimals, (locale, decimal) =>
    parseDecimal(formatDecimal(decimal, locale), locale) === decimal), { numRuns: 3000 })
})

t.test('so do numbers as they came in JSON', async () => {
  fc.assert(fc.property(fc.constantFrom(...locales), fc.integer({ min: 0, max: 10 ** 12 }), fc.integer({ min: 0, max: 8 }), (locale, digits, places) => {
    const number = digits / 10 ** places
    return Number(parseDecimal(formatDecimal(number, locale), locale)) === number
  }), { numRuns: 1000 })
})

t.test('decimals are shown with all their digits', async t => {
  t.equal(formatDecimal('1234567890123456.12345678', 'en'), '1,234,567,890,123,456.12345678')
  t.equal(formatDecimal('1234567.5', 'de'), '1.234.567,5')
  t.equal(formatDecimal('1234567.5', 'hi'), '12,34,567.5')
  t.equal(formatDecimal('1234567.5', 'ar-EG'), '١٬٢٣٤٬٥٦٧٫٥')
  t.equal(formatDecimal(1e-7, 'en'), '0.0000001')
  t.equal(formatDecimal('soon', 'en'), 'soon')
  t.equal(formatDecimal(NaN, 'en'), 'NaN')
})

t.test('money has the decimals of its currency, and more where it is that exact', async t => {
  t.equal(formatMoney('3', 'EUR', 'en'), '€3.00')
  t.equal(formatMoney('3.375', 'EUR', 'en'), '€3.375')
  t.equal(formatMoney('1234567890123456.12345678', 'EUR', 'en'), '€1,234,567,890,123,456.12345678')
  t.equal(formatMoney('3.375', 'EUR', 'de'), '3,375\u00a0€')
  t.equal(formatMoney('3.375', 'EUR', 'de', { round: true }), '3,38\u00a0€')
  t.equal(formatMoney(3, 'JPY', 'en'), '¥3')
  t.equal(formatMoney('3.5', 'KWD', 'en'), 'KWD\u00a03.500')
  t.equal(formatMoney('3.375', 'no such', 'de'), '3,375 no such')
  t.equal(formatMoney('free', 'EUR', 'de'), 'free')
})

t.test('people may type as they do in their locale', async t => {
  const typed: Array<[text: string, locale: string, decimal: string]> = [
    ['1234.5', 'en', '1234.5'], ['1,234.5', 'en', '1234.5'], [' 0.50 ', 'en', '0.5'], ['.5', 'en', '0.5'], ['5.', 'en', '5'], ['007', 'en', '7'],
    ['1.234,5', 'de', '1234.5'], ['1234,5', 'de', '1234.5'], ['0,27', 'de', '0.27'], ['-0,27', 'de', '-0.27'], ['−0,27', 'de', '-0.27'],
    ['1 234,5', 'fr', '1234.5'], ['1\u00a0234,5', 'fr', '1234.5'], ['1\u202f234,5', 'fr', '1234.5'], ['0.27', 'fr', '0.27'],
    ['1234,5', 'es', '1234.5'], ['1.234,5', 'es', '1234.5'],
    ['12,34,567.5', 'hi', '1234567.5'], ['१२,३४,५६७.५', 'hi', '1234567.5'],
    ['١٬٢٣٤٫٥', 'ar-EG', '1234.5'], ['1234.5', 'ar-EG', '1234.5'], ['٢٫٥', 'ar', '2.5'], ['1,234.5', 'ar', '1234.5'],
    ['1\'234.5', 'de-CH', '1234.5'], ['1’234.5', 'de-CH', '1234.5'], ['۲٫۵', 'fa', '2.5'], ['\u200e-2.5', 'he', '-2.5'], ['-0', 'en', '0']
  ]
  for (const [text, locale, decimal] of typed) t.equal(parseDecimal(text, locale), decimal, `${text} in ${locale}`)
})

t.test('what could be another number, or is none, is refused', async t => {
  const refused: Array<[text: string, locale: string]> = [
    ['0.27', 'de'], ['0.270', 'de'], ['1.5', 'de'], ['1.23.456', 'de'], ['1,5', 'en'], ['0,275', 'en'], ['1,23,456', 'en'], ['1234,567', 'en'], ['1,234,56', 'en'],
    ['123,456.5', 'hi'], ['1,2,3', 'hi'], ['1,234,567', 'hi'], ['', 'en'], [' ', 'en'], ['.', 'en'], ['-', 'en'], [',', 'en'], ['1.2.3', 'en'], ['1,234.5,6', 'en'],
    ['1e3', 'en'], ['0x10', 'en'], ['12 kWh', 'en'], ['Infinity', 'en'], ['--1', 'en'], ['1-', 'en'], ['1,', 'en'], [',123', 'en'], ['１２', 'en']
  ]
  for (const [text, locale] of refused) t.equal(parseDecimal(text, locale), undefined, `${text} in ${locale}`)
})

t.test('no text makes parsing throw, and what it takes for a number is one', async () => {
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'0123456789٠٩۰۹०९.,٫٬ \'’-−\u200f\u00a0') }))
  fc.assert(fc.property(fc.constantFrom(...locales), anything, (locale, text) => {
    const decimal = parseDecimal(text, locale)
    return decimal === undefined || /^(-?[1-9]\d*|-?0(?=\.)|0)(\.\d*[1-9])?$/.test(decimal)
  }), { numRuns: 3000 })
})

t.test('what is no locale is the programmer\'s mistake', async t => {
  t.throws(() => formatDecimal('1', 'no locale'), RangeError)
  t.throws(() => parseDecimal('1', 'no locale'), RangeError)
})
