import { cached } from './cached.js'
import { formatNumber } from './numbers.js'

const seconds = { year: 31_536_000, month: 2_592_000, day: 86_400, hour: 3600, minute: 60, second: 1 } as const
type Unit = keyof typeof seconds
const units = Object.keys(seconds) as Unit[]

const relative = /* @__PURE__ */ cached((locale: string, numeric: 'auto' | 'always') => new Intl.RelativeTimeFormat(locale, { numeric }))
const list = /* @__PURE__ */ cached((locale: string) => new Intl.ListFormat(locale, { type: 'unit', style: 'short' }))

/**
 * A time as seen from now, in its largest whole unit: `5 minutes ago`, `in 2 hours`, `now`.
 * @param at RFC 3339, or ms since the epoch; anything else is shown as it is
 * @param now ms since the epoch, such as the store's `now()`
 * @param locale a BCP 47 tag
 * @throws RangeError for what is no locale
 */
export function formatRelative (at: string | number, now: number, locale: string): string {
  const away = Math.trunc((new Date(at).getTime() - now) / 1000)
  if (Number.isNaN(away)) return String(at)
  const unit = largest(Math.abs(away))
  // `yesterday` would be a matter of the calendar, `now` is not.
  return relative(locale, unit === 'second' ? 'auto' : 'always').format(Math.trunc(away / seconds[unit]) + 0, unit)
}

/**
 * How long something is still open, in its two largest units, never more than there is: `1 hr, 59 min`.
 * @param expiresAt RFC 3339, or ms since the epoch
 * @param now ms since the epoch, such as the store's `now()`
 * @param locale a BCP 47 tag
 * @returns undefined once it has run out
 * @throws RangeError for what is no locale
 */
export function formatTimeLeft (expiresAt: string | number, now: number, locale: string): string | undefined {
  const left = (new Date(expiresAt).getTime() - now) / 1000
  if (!(left > 0)) return undefined
  const unit = largest(left)
  // Months and years aren't all of a length.
  const [first, second] = units.slice(Math.max(units.indexOf('day'), units.indexOf(unit))) as [Unit, Unit | undefined]
  const count = Math.floor(left / seconds[first])
  const rest = second === undefined ? 0 : Math.floor(left % seconds[first] / seconds[second])
  const parts = [[count, first], ...second === undefined || rest === 0 ? [] : [[rest, second]]] as Array<[number, Unit]>
  return list(locale).format(parts.map(([value, unit]) => formatNumber(value, locale, { style: 'unit', unit })))
}

/** The largest unit of which so many seconds hold at least one. */
function largest (count: number): Unit {
  return units.find(unit => count >= seconds[unit]) ?? 'second'
}
