import { formatDecimal, formatNumber } from './numbers.js'

/**
 * Money in a currency, exact: the decimals that the currency has, and as many more as the amount has.
 * @param value a decimal as a string, such as `totalPrice`, or a number as it came in JSON
 * @param currency an ISO 4217 code
 * @param locale a BCP 47 tag
 * @param options `round`: to the decimals of the currency
 * @throws RangeError for what is no locale
 */
export function formatMoney (value: number | string, currency: string, locale: string, { round = false }: { round?: boolean } = {}): string {
  // A code of another form would throw.
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${formatDecimal(value, locale)} ${currency}`
  return formatNumber(value, locale, { style: 'currency', currency, ...round && { maximumFractionDigits: undefined } })
}
