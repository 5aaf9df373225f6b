import { useMemo } from 'react'
import { useLocale } from '../../i18n/index.js'
import { usePreferences } from '../../settings/preferences.js'
import type { Writing } from './draft.js'

/** How the reader writes numbers, times and prices. */
export function useWriting (): Writing {
  const { locale, timeZone } = useLocale()
  const { priceUnit: unit } = usePreferences()
  return useMemo(() => ({ locale, timeZone, priceOptions: { unit } }), [locale, timeZone, unit])
}
