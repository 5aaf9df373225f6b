import { formatTime } from 'equilux-chat-client/format'
import { useMemo } from 'react'
import { useLocale } from '../i18n/index.js'
import type { Granularity } from './query/granularity.js'

export interface IntervalText {
  /** By which an interval is told from all others. */
  full: (start: string) => string
  /** As short as it can be beside its neighbours. */
  short: (start: string) => string
}

const shortFields: Record<Granularity, Intl.DateTimeFormatOptions> = {
  quarterHour: { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
  hour: { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' }
}

/** Says which interval it is that begins at a time. @param isOneDay whether all of them are on the same day */
export function useIntervalText (granularity: Granularity, timeZone: string, isOneDay: boolean): IntervalText {
  const { locale } = useLocale()
  return useMemo(() => {
    const { day, month, ...clock } = shortFields[granularity]
    const short = new Intl.DateTimeFormat(locale, { timeZone, ...isOneDay && clock.hour !== undefined ? clock : shortFields[granularity] })
    const date = new Intl.DateTimeFormat(locale, {
      timeZone, year: 'numeric', month: granularity === 'month' ? 'long' : 'short', ...granularity === 'day' && { day: 'numeric', weekday: 'short' }
    })
    const hasClock = granularity === 'hour' || granularity === 'quarterHour'
    return {
      // With its offset from UTC: where the clocks are set back an hour comes twice.
      full: start => hasClock ? formatTime(start, locale, { timeZone }) : date.format(new Date(start)),
      short: start => short.format(new Date(start))
    }
  }, [locale, granularity, timeZone, isOneDay])
}
