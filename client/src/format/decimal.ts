/**
 * A decimal in its shortest plain form: `0.5` for `'00.50'`, `0.0000001` for `1e-7`. Numbers are taken by their shortest decimal
 * form, which is what was written in JSON.
 * @returns undefined for what is no decimal
 */
export function toDecimal (value: number | string): string | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/.exec(String(value)) ?? []
  if (whole === '') return undefined
  const places = fraction.length - Number(exponent)
  const digits = (whole + fraction + '0'.repeat(Math.max(0, -places))).padStart(places + 1, '0')
  const end = digits.length - Math.max(0, places)
  const rest = digits.slice(end).replace(/0+$/, '')
  const decimal = digits.slice(0, end).replace(/^0+(?=\d)/, '') + (rest === '' ? '' : `.${rest}`)
  return decimal === '0' ? decimal : `${sign}${decimal}`
}

/**
 * A decimal as an integer that counts units of its last place: 57000n for 0.57 with 5 places.
 * @returns undefined for what is no decimal or has more places
 */
export function toUnits (value: number | string, places: number): bigint | undefined {
  const units = toDecimal(`${toDecimal(value)}e${places}`)
  return units === undefined || units.includes('.') ? undefined : BigInt(units)
}
