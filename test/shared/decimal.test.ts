import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { decimalPlaces, divideHalfEven, divideToDigits, fromUnits, multiplyUnits, toUnits } from '../../src/shared/decimal.js'

/** A decimal as people write it, of an integer of its last place. */
function write (digits: bigint, places: number): string {
  const text = String(digits).padStart(places + 1, '0')
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
}

/** The integer of the last of `places` decimals, from the text. */
function scale (decimal: string, places: number): bigint {
  const [whole = '', fraction = ''] = decimal.split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}

/** The text without zeros that say nothing, which is how JSON.stringify writes it where it needs no exponent. */
const shortest = (decimal: string) => decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal

function survives (decimal: string, places: number) {
  const parsed = JSON.parse(decimal) as number
  assert.ok(decimalPlaces(parsed) <= places, decimal)
  const units = toUnits(parsed, places)
  assert.equal(BigInt(units), scale(decimal, places), decimal)
  const back = fromUnits(units, places)
  assert.equal(back, parsed, decimal)
  // Numbers below 10⁻⁶ would be written with an exponent, but have more than 5 decimals.
  assert.equal(JSON.stringify(back).includes('e') ? back.toFixed(places) : JSON.stringify(back), shortest(decimal))
}

t.test('every value of two to five decimals up to 2 comes back as it was', async () => {
  for (const places of [2, 3, 4, 5]) {
    for (let digits = 1n; digits <= 2n * 10n ** BigInt(places); digits++) survives(write(digits, places), 5)
  }
})

t.test('every value of a price and of an amount comes back as it was', async () => {
  fc.assert(fc.property(fc.bigInt({ min: 1n, max: 1_000_000n * 100_000n }), price => survives(write(price, 5), 5)), { numRuns: 20_000 })
  fc.assert(fc.property(fc.bigInt({ min: 1n, max: 1_000_000_000n * 1000n }), amount => survives(write(amount, 3), 3)), { numRuns: 20_000 })
})

t.test('the traps of binary floating point are none', async t => {
  for (const [text, units] of [
    ['0.57', 57_000], ['1.005', 100_500], ['4.35', 435_000], ['0.00001', 1], ['1e-5', 1], ['999999.99999', 99_999_999_999],
    ['0.1', 10_000], ['0.3', 30_000], ['1.10', 110_000], ['8.345', 834_500], ['1.45', 145_000], ['1000000', 100_000_000_000],
    ['0.29', 29_000], ['64.1', 6_410_000], ['5.015', 501_500], ['1E0', 100_000]
  ] as const) {
    t.equal(toUnits(JSON.parse(text), 5), units, text)
    t.equal(fromUnits(units, 5), Number(text), text)
  }
  t.equal(toUnits(1e9, 3), 1e12)
})

t.test('decimals are counted as they were written', async t => {
  for (const [value, places] of [
    [0.57, 2], [1.005, 3], [0.1 + 0.2, 17], [1e21, 0], [1.5e21, 0], [1e-7, 7], [1.5e-7, 8], [0.00001, 5], [1e-5, 5], [999999.99999, 5],
    [1e9, 0], [100, 0], [0.10, 1], [5e-324, 324], [Number.MAX_VALUE, 0], [0.000001, 6], [-0.25, 2]
  ] as const) {
    t.equal(decimalPlaces(value), places, String(value))
  }
})

t.test('a total is the exact product, without exponent and without zeros that say nothing', async t => {
  for (const [price, amount, total] of [
    ['0.27', '12.5', '3.375'], ['4.35', '100', '435'], ['1.005', '1000', '1005'], ['0.1', '0.2', '0.02'], ['0.57', '100', '57'],
    ['0.00001', '0.001', '0.00000001'], ['1000000', '1000000000', '1000000000000000'],
    ['999999.99999', '999999999.999', '999999999989000.00000001'],
    ['0.3', '3', '0.9'], ['1.1', '1.1', '1.21'], ['10', '10', '100'], ['0.00001', '1000000000', '10000'], ['2.5', '0.4', '1']
  ] as const) {
    t.equal(multiplyUnits(toUnits(Number(price), 5), toUnits(Number(amount), 3), 8), total, `${price} × ${amount}`)
  }
})

t.test('any total is the product of the decimals as they were written', async () => {
  fc.assert(fc.property(
    fc.bigInt({ min: 1n, max: 1_000_000n * 100_000n }), fc.bigInt({ min: 1n, max: 1_000_000_000n * 1000n }),
    (price, amount) => {
      const total = multiplyUnits(toUnits(Number(write(price, 5)), 5), toUnits(Number(write(amount, 3)), 3), 8)
      assert.match(total, /^(0|[1-9]\d*)(\.\d*[1-9])?$/)
      assert.equal(scale(total, 8), price * amount)
    }
  ), { numRuns: 20_000 })
})

t.test('a quotient has the significant digits that are asked for, half of the last one to even', async t => {
  for (const [a, b, digits, expected] of [
    [1n, 3n, 3, '0.333'], [2n, 3n, 3, '0.667'], [271n, 1000n, 3, '0.271'], [2705n, 10_000n, 3, '0.27'], [2715n, 10_000n, 3, '0.272'], [2725n, 10_000n, 3, '0.272'],
    [9995n, 10n, 3, '1000'], [9985n, 10n, 3, '998'], [123_456n, 1n, 3, '123000'], [1n, 100_000n, 3, '0.00001'], [12_345n, 1_000_000_000n, 3, '0.0000123'], [1n, 1n, 3, '1'], [99n, 1n, 3, '99'],
    [1000n, 1n, 3, '1000'], [7n, 2n, 1, '4'], [5n, 2n, 1, '2']
  ] as const) t.equal(divideToDigits(a, b, digits), expected, `${a}/${b}`)
})

t.test('rounded to significant digits it is off by half of the last one at most', async () => {
  fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.bigInt({ min: 1n, max: 10n ** 18n }), (a, b) => {
    const text = divideToDigits(a, b, 3)
    assert.match(text, /^(0|[1-9]\d*)(\.\d*[1-9])?$/)
    const shown = scale(text, 30)
    const off = shown * b - a * 10n ** 30n
    // Half of 1 in 100, the least number of three digits.
    assert.ok((off < 0n ? -off : off) * 200n <= a * 10n ** 30n, `${a}/${b} = ${text}`)
  }), { numRuns: 5000 })
})

t.test('quotients are rounded half to even', async t => {
  const tenths = [[4, 0], [5, 0], [6, 1], [15, 2], [25, 2], [26, 3], [-4, 0], [-5, 0], [-6, -1], [-15, -2], [-25, -2], [-26, -3]] as const
  for (const [dividend, quotient] of tenths) t.equal(divideHalfEven(BigInt(dividend), 10n), BigInt(quotient), `${dividend} tenths`)
})
