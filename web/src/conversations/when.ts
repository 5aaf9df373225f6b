import { dayOf, daysBetween } from '../thread/day.js'

const hour = 3600_000

/**
 * When something was, as short as a list needs it: minutes ago, a time of today, a day of this week, a date.
 * @param at RFC 3339
 * @param now ms since the epoch
 */
export function whenOf (at: string, now: number, locale: string, timeZone: string): string {
  const age = now - Date.parse(at)
  const days = daysBetween(dayOf(at, timeZone), dayOf(now, timeZone))
  if (age < hour) return formatAge(Math.max(0, Math.floor(age / 60_000)), locale)
  if (days === 0) return format(at, locale, { timeZone, timeStyle: 'short' })
  if (days === 1) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day')
  return format(at, locale, days < 7 ? { timeZone, weekday: 'short' } : { timeZone, dateStyle: 'short' })
}

function formatAge (minutes: number, locale: string): string {
  const formatter = new Intl.RelativeTimeFormat(locale, { style: 'narrow', numeric: minutes === 0 ? 'auto' : 'always' })
  return minutes === 0 ? formatter.format(0, 'second') : formatter.format(-minutes, 'minute')
}

function format (at: string, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(new Date(at))
}
