import { toDecimal, toUnits } from './decimal.js'
import { inLocale } from './direction.js'
import { amount, price } from './limits.js'
import { formatMoney } from './money.js'
import { formatDecimal } from './numbers.js'
import { parseDecimal } from './parse.js'

/** In what a price is shown and typed: `cents` are hundredths of the currency, where these have a name here. */
export interface PriceOptions {
  unit?: 'currency' | 'cents'
}

// No kilowatt-hour is a unit of Intl; its symbol is the same in all languages.
const kilowattHour = 'kWh'

const cents: Readonly<Record<string, string>> = {
  AUD: 'c', CAD: '¢', CHF: 'Rp.', DKK: 'øre', EUR: 'ct', GBP: 'p', INR: 'paise', NOK: 'øre', PLN: 'gr', SEK: 'öre', USD: '¢'
}

/**
 * Energy: `12.5 kWh`.
 * @param value in kWh: a decimal as a string, or a number as it came in JSON
 * @param locale a BCP 47 tag
 * @throws RangeError for what is no locale
 */
export function formatEnergy (value: number | string, locale: string): string {
  return inLocale(`${formatDecimal(value, locale)}\u00a0${kilowattHour}`, locale)
}

/**
 * A price per kWh, exact: `€0.27/kWh`, or `27 ct/kWh` in cents.
 * @param value a decimal as a string, or a number as it came in JSON, such as `pricePerUnit`
 * @param currency an ISO 4217 code
 * @param locale a BCP 47 tag
 * @throws RangeError for what is no locale
 */
export function formatPrice (value: number | string, currency: string, locale: string, options: PriceOptions = {}): string {
  const name = nameOfCents(currency, options)
  const money = name === undefined
    ? formatMoney(value, currency, locale)
    : `${formatDecimal(toDecimal(`${toDecimal(value)}e2`) ?? value, locale)}\u00a0${name}`
  return inLocale(`${money}/${kilowattHour}`, locale)
}

/**
 * A typed amount of energy as the number to send.
 * @param text in kWh, as `parseDecimal` takes it
 * @param locale a BCP 47 tag
 * @returns undefined for what is no amount that can be traded: above 0, at most 1,000,000,000, at most 3 decimals
 * @throws RangeError for what is no locale
 */
export function parseEnergy (text: string, locale: string): number | undefined {
  return termOf(parseDecimal(text, locale), amount)
}

/**
 * A typed price per kWh as the number to send.
 * @param text as `parseDecimal` takes it, in the unit in which `formatPrice` shows it with the same options
 * @param currency an ISO 4217 code
 * @param locale a BCP 47 tag
 * @returns undefined for what is no price that can be offered: above 0, at most 1,000,000, at most 5 decimals
 * @throws RangeError for what is no locale
 */
export function parsePrice (text: string, currency: string, locale: string, options: PriceOptions = {}): number | undefined {
  const typed = parseDecimal(text, locale)
  return termOf(nameOfCents(currency, options) === undefined ? typed : toDecimal(`${typed}e-2`), price)
}

function nameOfCents (currency: string, { unit }: PriceOptions): string | undefined {
  return unit === 'cents' && Object.hasOwn(cents, currency) ? cents[currency] : undefined
}

/** With so few digits the number is written as the decimal was: nothing is rounded. */
function termOf (decimal: string | undefined, { places, maximum }: { places: number, maximum: number }): number | undefined {
  if (decimal === undefined || toUnits(decimal, places) === undefined) return undefined
  const term = Number(decimal)
  return term > 0 && term <= maximum ? term : undefined
}
