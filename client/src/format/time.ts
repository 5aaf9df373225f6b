import { cached } from './cached.js'

type Instant = string | number

export interface TimeOptions {
  /** An IANA time zone; the reader's own by default. */
  timeZone?: string
}

const fields = { weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const
const withOffset = { ...fields, timeZoneName: 'shortOffset' } as const

const formatter = /* @__PURE__ */ cached((locale: string, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options))

/**
 * A time with the offset from UTC that applies then: `Tue, 1 Jun 2027, 15:30 GMT+2`.
 * @param at RFC 3339, or ms since the epoch; anything else is shown as it is
 * @param locale a BCP 47 tag
 * @throws RangeError for what is no locale or time zone
 */
export function formatTime (at: Instant, locale: string, { timeZone }: TimeOptions = {}): string {
  const date = new Date(at)
  return isTime(date) ? formatter(locale, { ...withOffset, timeZone }).format(date) : String(at)
}

/**
 * When something is delivered: `Tue, 1 Jun 2027, 15:30–17:30 (GMT+2)`. Where the clocks change in between, both times have
 * their own offset.
 * @param window `startTime` and, if it is known, `endTime`, as in an offer's terms
 * @param locale a BCP 47 tag
 * @throws RangeError for what is no locale or time zone
 */
export function formatWindow ({ startTime, endTime }: { startTime: string, endTime?: string | undefined }, locale: string, options: TimeOptions = {}): string {
  const [start, end] = [new Date(startTime), new Date(endTime ?? NaN)]
  if (!isTime(start) || !isTime(end)) return formatTime(startTime, locale, options)
  const offset = offsetAt(start, locale, options)
  if (offset !== offsetAt(end, locale, options)) return [startTime, endTime].map(at => formatTime(at ?? '', locale, options)).join(' – ')
  // Intl leaves the offset out where both are on one day.
  return `${formatter(locale, { ...fields, ...options }).formatRange(start, end)} (${offset})`
}

function isTime (date: Date): boolean {
  return !Number.isNaN(date.getTime())
}

function offsetAt (date: Date, locale: string, { timeZone }: TimeOptions): string {
  return formatter(locale, { ...withOffset, timeZone }).formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
