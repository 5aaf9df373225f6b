import { formatTime } from 'equilux-chat-client/format'
import type { Granularity } from './query/granularity.js'

export interface IntervalText {
  /** By which an interval is told from all others. */
  full: (start: string) => string
  /** As short as it can be beside its neighbours. */
  short: (start: string) => string
  /** Whether a day begins with it, where there are several with many intervals each. */
  isMajor: (start: string) => boolean
}

const shortFields: Record<Granularity, Intl.DateTimeFormatOptions> = {
  quarterHour: { hour: 'numeric', minute: '2-digit' },
  hour: { hour: 'numeric', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' }
}

/** What says which interval it is that begins at a time. @param isOneDay whether all of them are on the same day */
export function intervalText (locale: string, granularity: Granularity, timeZone: string, isOneDay: boolean): IntervalText {
  const hasClock = granularity === 'hour' || granularity === 'quarterHour'
  const hasDays = hasClock && !isOneDay
  const short = new Intl.DateTimeFormat(locale, { timeZone, ...shortFields[hasDays ? 'day' : granularity] })
  const date = new Intl.DateTimeFormat(locale, {
    timeZone, year: 'numeric', month: granularity === 'month' ? 'long' : 'short', ...granularity === 'day' && { day: 'numeric', weekday: 'short' }
  })
  const clock = new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return {
    // With its offset from UTC: where the clocks are set back an hour comes twice.
    full: start => hasClock ? formatTime(start, locale, { timeZone }) : date.format(new Date(start)),
    short: start => short.format(new Date(start)),
    isMajor: start => hasDays && clock.format(new Date(start)) === '00:00'
  }
}
