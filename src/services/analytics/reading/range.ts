import { maxDays, maxPoints, type Granularity } from '../../../../schemas/analytics.js'
import { isDay } from '../../../shared/day-or-time.js'
import type { TimeZone } from '../../../shared/time-zone.js'
import { ProblemError, ruleBroken } from '../../../wire/problem-error.js'
import { day, hour, quarterHour } from '../times.js'

/** How far back is looked where nobody says from when on, in ms. */
const usual = 30 * day

export interface Range {
  /** ms since the epoch, of the first interval's beginning. */
  from: number
  /** ms since the epoch, of the last interval's end. */
  to: number
  /** When each of its intervals begins, in ms since the epoch. */
  starts: number[]
}

/**
 * Cuts what is asked for into intervals, from where one begins to where one ends: every zone's hours, days and months consist of whole quarter hours of UTC.
 * @param given.until what `to` is by default, in ms since the epoch
 * @throws ProblemError validation_failed where it ends before it begins, range_too_large
 */
export function readRange (
  { from, to, until }: { from?: string | undefined, to?: string | undefined, until: number }, { granularity, zone }: { granularity: Granularity, zone: TimeZone }
): Range {
  const intervalAt = intervalsOf(granularity, zone)
  const begins = (time: number) => intervalAt(time) !== intervalAt(time - quarterHour)
  const ceil = (time: number) => {
    let at = Math.ceil(time / quarterHour) * quarterHour
    while (!begins(at)) at += quarterHour
    return at
  }
  const floor = (time: number) => {
    let at = Math.floor(time / quarterHour) * quarterHour
    while (!begins(at)) at -= quarterHour
    return at
  }
  const wantedEnd = to === undefined ? until : edgeOf(to, zone)
  const end = ceil(wantedEnd)
  // A month's end may be so far off that the days before it are all still to come.
  const wantedStart = from === undefined ? (granularity === 'month' ? wantedEnd : end) - usual : edgeOf(from, zone)
  if (wantedStart >= wantedEnd) throw ruleBroken('querystring', '/to', 'after', { other: 'from' })
  const start = floor(wantedStart)
  if (zone.dayAt(end - 1) - zone.dayAt(start) >= maxDays) throw tooLarge()
  const starts = []
  let [last, interval] = [NaN, NaN]
  for (let at = start; at < end; at += quarterHour, last = interval) {
    interval = intervalAt(at)
    if (interval !== last) starts.push(at)
  }
  if (starts.length > maxPoints) throw tooLarge()
  return { from: start, to: end, starts }
}

function tooLarge () {
  return new ProblemError('range_too_large', { id: 'range_limits', days: maxDays, points: maxPoints })
}

/** What tells an interval from those beside it. */
function intervalsOf (granularity: Granularity, zone: TimeZone): (time: number) => number {
  return {
    quarterHour: (time: number) => time,
    // One that comes twice, since the clocks are set back, is two hours; so are the parts of one within which they are.
    hour: (time: number) => {
      const offset = zone.offsetAt(time)
      return Math.floor((time + offset) / hour) * hour - offset
    },
    day: (time: number) => zone.dayAt(time),
    month: (time: number) => zone.monthAt(time)
  }[granularity]
}

/** @returns ms since the epoch: of a day its beginning in the zone, wherever its clocks are set to by then */
function edgeOf (text: string, zone: TimeZone): number {
  const time = Date.parse(text)
  if (!isDay(text)) return time
  const wanted = time / day
  let at = time - zone.offsetAt(time)
  while (zone.dayAt(at - quarterHour) >= wanted) at -= quarterHour
  while (zone.dayAt(at) < wanted) at += quarterHour
  return at
}
