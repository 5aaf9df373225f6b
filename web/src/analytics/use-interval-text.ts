import { useMemo } from 'react'
import { useLocale } from '../i18n/index.js'
import { intervalText, type IntervalText } from './interval-text.js'
import type { Granularity } from './query/granularity.js'

export type { IntervalText } from './interval-text.js'

/** Says which interval it is that begins at a time. @param isOneDay whether all of them are on the same day */
export function useIntervalText (granularity: Granularity, timeZone: string, isOneDay: boolean): IntervalText {
  const { locale } = useLocale()
  return useMemo(() => intervalText(locale, granularity, timeZone, isOneDay), [locale, granularity, timeZone, isOneDay])
}
