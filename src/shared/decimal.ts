/**
 * Exact decimals: integers that count units of the last decimal place. No sum or product of money or energy is ever made
 * in binary floating point.
 */

/**
 * How many decimal places a JSON number has, going by its shortest decimal form (ECMA-262 Number::toString), which is
 * what a client wrote up to 15 significant digits.
 */
export function decimalPlaces (value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const fraction = mantissa.split('.')[1] ?? ''
  return Math.max(0, fraction.length - Number(exponent))
}

/**
 * A JSON number as an integer of its last place: 0.57 with 5 places is 57000.
 * @param value has at most `places` decimals and fewer than 16 significant digits
 */
export function toUnits (value: number, places: number): number {
  const [whole = '', fraction = ''] = value.toFixed(places).split('.')
  return Number(whole + fraction)
}

/** The JSON number of an integer of units. The quotient is correctly rounded, so that it prints as the shortest decimal. */
export function fromUnits (units: number, places: number): number {
  return units / 10 ** places
}

/**
 * The product of two integers of units as a decimal without trailing zeros.
 * @param places the decimal places of both together
 */
export function multiplyUnits (a: number, b: number, places: number): string {
  return toDecimal(BigInt(a) * BigInt(b), places)
}

/**
 * An integer of units, not negative, as a decimal without trailing zeros.
 * @param places the decimal places of a unit
 */
export function toDecimal (units: bigint, places: number): string {
  const digits = units.toString().padStart(places + 1, '0')
  const whole = digits.length - places
  const fraction = digits.slice(whole).replace(/0+$/, '')
  return digits.slice(0, whole) + (fraction === '' ? '' : `.${fraction}`)
}

/** The quotient of two integers as an integer, rounded half to even. @param divisor above 0 */
export function divideHalfEven (dividend: bigint, divisor: bigint): bigint {
  const [quotient, rest] = [dividend / divisor, dividend % divisor]
  const twice = (rest < 0n ? -rest : rest) * 2n
  if (twice < divisor || (twice === divisor && quotient % 2n === 0n)) return quotient
  return dividend < 0n ? quotient - 1n : quotient + 1n
}

/**
 * A quotient above 0 as a decimal of so many significant digits, rounded half to even.
 * @param a and `b` above 0
 */
export function divideToDigits (a: bigint, b: bigint, digits: number): string {
  const [low, high] = [10n ** BigInt(digits - 1), 10n ** BigInt(digits)]
  let places = 0
  const scaled = (by: number) => by >= 0 ? [a * 10n ** BigInt(by), b] as const : [a, b * 10n ** BigInt(-by)] as const
  const isBelow = (bound: bigint) => {
    const [above, below] = scaled(places)
    return above < bound * below
  }
  while (isBelow(low)) places++
  while (!isBelow(high)) places--
  const units = divideHalfEven(...scaled(places))
  return places >= 0 ? toDecimal(units, places) : String(units * 10n ** BigInt(-places))
}
