const quarter = 900_000
const formatters = new Map<string, Intl.DateTimeFormat>()
const days = new Map<string, string>()
/** A long history has this many quarters of an hour with something in it, and hardly more. */
const maxDays = 20_000

/**
 * The day on which something happened where the reader is, as `2027-06-01`.
 * @param at RFC 3339, or ms since the epoch
 */
export function dayOf (at: string | number, timeZone: string): string {
  // In no zone does a day begin within a quarter of an hour, and a formatter is slow.
  const start = Math.floor(new Date(at).getTime() / quarter) * quarter
  const key = `${timeZone} ${start}`
  const known = days.get(key)
  if (known !== undefined) return known
  if (days.size >= maxDays) days.clear()
  const day = formatDay(start, timeZone)
  days.set(key, day)
  return day
}

/** How many days a day lies before another; both as `dayOf` tells them. */
export function daysBetween (day: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(day)) / 86_400_000)
}

function formatDay (start: number, timeZone: string): string {
  let formatter = formatters.get(timeZone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en', { timeZone, calendar: 'gregory', numberingSystem: 'latn', year: 'numeric', month: '2-digit', day: '2-digit' })
    formatters.set(timeZone, formatter)
  }
  const parts = Object.fromEntries(formatter.formatToParts(start).map(({ type, value }) => [type, value]))
  return `${parts.year}-${parts.month}-${parts.day}`
}
