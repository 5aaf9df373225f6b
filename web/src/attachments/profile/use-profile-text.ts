import { formatDecimal, formatEnergy, isolate } from 'equilux-chat-client/format'
import { useCallback } from 'react'
import { useLocale, useText } from '../../i18n/index.js'
import type { Profile, Unit } from './read-profile.js'
import { summaryOf } from './summary.js'

/** Numbers of files are measured: what is beyond a watt-hour isn't. */
const places = 3

/** What says a value, and what a profile comes to, in the reader's words. */
export function useProfileText () {
  const text = useText()
  const { locale } = useLocale()
  const valueText = useCallback((value: number, unit: Unit | undefined) => {
    const rounded = Number(value.toFixed(places))
    if (unit === 'kWh') return formatEnergy(rounded, locale)
    return unit === undefined ? formatDecimal(rounded, locale) : isolate(`${formatDecimal(rounded, locale)}\u00a0${unit}`)
  }, [locale])
  const summaryText = useCallback((profile: Profile) => {
    const { first, last, peak, energy } = summaryOf(profile) ?? {}
    if (first === undefined || last === undefined || peak === undefined) return ''
    return [
      text('files.profile.span', { count: profile.readings.length, from: isolate(first.at), to: isolate(last.at) }),
      ...energy === undefined ? [] : [text('files.profile.total', { total: valueText(energy, 'kWh') })],
      text('files.profile.peak', { peak: valueText(peak.value, profile.unit), when: isolate(peak.at) })
    ].join(' ')
  }, [text, valueText])
  return { valueText, summaryText }
}
