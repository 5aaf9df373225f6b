import { formatDecimal, parseDecimal, parseEnergy, parsePrice } from 'equilux-chat-client/format'
import { isInCents, type Writing } from './draft.js'
import type { Fault } from './fault.js'

/** What the server takes: above zero, up to a maximum, with so many decimals. */
const limits = { price: { max: 1_000_000, places: 5 }, energy: { max: 1_000_000_000, places: 3 } }

/** A typed amount as the number to send; undefined for what is none. */
export function readEnergy (typed: string, { locale }: Writing): number | undefined {
  return parseEnergy(typed, locale)
}

/** A typed price per kWh as the number to send; undefined for what is none. */
export function readPrice (typed: string, currency: string, { locale, priceOptions }: Writing): number | undefined {
  return parsePrice(typed, currency, locale, priceOptions)
}

export function faultOfEnergy (typed: string, writing: Writing): Fault | undefined {
  if (typed.trim() === '') return { id: 'trades.fault.energyMissing' }
  return readEnergy(typed, writing) === undefined ? reason(typed, writing, limits.energy) : undefined
}

export function faultOfPrice (typed: string, currency: string, writing: Writing): Fault | undefined {
  if (typed.trim() === '') return { id: 'trades.fault.priceMissing' }
  if (readPrice(typed, currency, writing) !== undefined) return undefined
  const { max, places } = limits.price
  return reason(typed, writing, isInCents(currency, writing.priceOptions) ? { max: max * 100, places: places - 2 } : limits.price)
}

/** Why something typed isn't taken. */
function reason (typed: string, { locale }: Writing, { max, places }: typeof limits.price): Fault {
  const decimal = parseDecimal(typed, locale)
  if (decimal === undefined) return { id: 'trades.fault.noNumber', values: { example: formatDecimal('1234.5', locale) } }
  if (decimal === '0' || decimal.startsWith('-')) return { id: 'trades.fault.notPositive' }
  if ((decimal.split('.')[1]?.length ?? 0) > places) return { id: 'trades.fault.places', values: { places } }
  return { id: 'trades.fault.tooMuch', values: { max: formatDecimal(max, locale) } }
}
