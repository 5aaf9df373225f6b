import { useMemo } from 'react'
import { useLocale } from '../i18n/index.js'
import { usePreferences } from '../settings/preferences.js'
import { numberText, type NumberText } from './number-text.js'

export type { NumberText } from './number-text.js'

/** Says figures as the reader writes numbers. */
export function useNumberText (): NumberText {
  const { locale } = useLocale()
  const { priceUnit: unit } = usePreferences()
  return useMemo(() => numberText(locale, { unit }), [locale, unit])
}
