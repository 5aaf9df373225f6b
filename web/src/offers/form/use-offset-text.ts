import type { ZonedDateTime } from '@internationalized/date'
import { useCallback } from 'react'
import { useLocale } from '../../i18n/index.js'

/** Says in which zone, and at which offset from UTC, a time is: `Europe/Berlin (GMT+2)`. */
export function useOffsetText (): (time: ZonedDateTime) => string {
  const { locale } = useLocale()
  return useCallback(time => {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: time.timeZone, timeZoneName: 'shortOffset' }).formatToParts(time.toDate())
    const offset = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
    return time.timeZone === 'UTC' ? offset : `${time.timeZone.replaceAll('_', ' ')} (${offset})`
  }, [locale])
}
