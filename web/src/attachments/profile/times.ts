const clock = String.raw`(\d{1,2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s?([ap]m)?`
const zone = String.raw`\s?(?:z|[-+]\d{2}:?\d{2})?`
const yearFirst = String.raw`(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})`
const yearLast = String.raw`(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})`
/** `00:00 - 00:15` is the interval that begins at midnight. */
const until = String.raw`(?:\s?[-–—]\s?\d{1,2}:\d{2}.*)?`

const clockOnly = new RegExp(`^${clock}${until}$`, 'i')
const dated = new RegExp(`^(?:${yearFirst}|${yearLast})(?:(?:t|,?\\s+)${clock}${zone}${until})?$`, 'i')

const day = 24 * 60

/** A time as files write it: in minutes from some beginning, by which only those of one column can be compared; undefined for what is none. */
export function minutesOf (cell: string): number | undefined {
  const [isClock, hour, minute, half] = clockOnly.exec(cell) ?? []
  if (isClock !== undefined) return ofDay(hour, minute, half)
  const [isDated, year, month, date, one = '', other = '', lastYear = '', ...time] = dated.exec(cell) ?? []
  if (isDated === undefined) return undefined
  // Where it isn't clear from the numbers the day comes first, as in most of the world.
  const [dateLast, monthLast] = Number(other) > 12 ? [other, one] : [one, other]
  const days = Date.UTC(Number(year ?? lastYear), Number(month ?? monthLast) - 1, Number(date ?? dateLast)) / 86_400_000
  const minutes = time[0] === undefined ? 0 : ofDay(...time)
  return minutes === undefined || Number.isNaN(days) ? undefined : days * day + minutes
}

/** Whether it is a day without a time: then that may stand in the next cell. */
export function isDay (cell: string): boolean {
  return !cell.includes(':') && dated.test(cell)
}

/** Whether it is a time without a day. */
export function isClock (cell: string): boolean {
  return clockOnly.test(cell)
}

/** The most common distance of times that follow each other, in minutes; undefined if there is none. */
export function stepOf (minutes: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const [index, at] of minutes.entries()) {
    const before = minutes[index - 1]
    // A clock begins anew at midnight.
    const step = before === undefined ? 0 : at > before ? at - before : at < before ? (at - before + day) % day : 0
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0]
}

function ofDay (hour = '', minute = '', half?: string): number | undefined {
  const hours = half === undefined ? Number(hour) : Number(hour) % 12 + (/p/i.test(half) ? 12 : 0)
  return hours > 24 || Number(minute) > 59 ? undefined : hours * 60 + Number(minute)
}
