import { parseAbsolute, type ZonedDateTime } from '@internationalized/date'
import type { Proposal } from 'equilux-chat-client'
import { formatDecimal, formatPrice, type PriceOptions } from 'equilux-chat-client/format'
import { expiresAtStart, type Side } from '../standing.js'

/** Terms as somebody writes them: numbers as they were typed, times in the writer's zone. */
export interface Draft {
  /** What the writer does. */
  side: Side
  energy: string
  price: string
  currency: string
  start: ZonedDateTime | null
  end: ZonedDateTime | null
  /** Without it the terms can be accepted until delivery starts. */
  expires: ZonedDateTime | null
  text: string
}

/** How the writer reads and types. */
export interface Writing {
  locale: string
  timeZone: string
  priceOptions: PriceOptions
}

export function emptyDraft (currency: string): Draft {
  return { side: 'sell', energy: '', price: '', currency, start: null, end: null, expires: null, text: '' }
}

/** Standing terms, to be changed by a counter-offer. */
export function draftOf (terms: Proposal, side: Side, { locale, timeZone, priceOptions }: Writing): Draft {
  return {
    side,
    energy: formatDecimal(terms.totalAmount, locale),
    price: typedPrice(terms.pricePerUnit, terms.currency, locale, priceOptions),
    currency: terms.currency,
    start: parseAbsolute(terms.startTime, timeZone),
    end: terms.endTime === undefined ? null : parseAbsolute(terms.endTime, timeZone),
    expires: expiresAtStart(terms) ? null : parseAbsolute(terms.expiresAt, timeZone),
    text: ''
  }
}

/** Whether a currency's prices are typed in hundredths of it: not all have a name for these. */
export function isInCents (currency: string, options: PriceOptions): boolean {
  return formatPrice(1, currency, 'en', options) !== formatPrice(1, currency, 'en')
}

/** A price as it is typed: in hundredths of the currency where these are the unit. Only its point moves. */
function typedPrice (price: number, currency: string, locale: string, options: PriceOptions): string {
  return formatDecimal(isInCents(currency, options) ? `${price}e2` : price, locale)
}
