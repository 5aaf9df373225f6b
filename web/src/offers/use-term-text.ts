import { formatEnergy, formatMoney, formatPrice, formatTime, formatWindow } from 'equilux-chat-client/format'
import { useMemo } from 'react'
import { useLocale, useText } from '../i18n/index.js'
import { usePreferences } from '../settings/preferences.js'
import type { ShownTerms, TermName } from './differences.js'
import { expiresAtStart } from './standing.js'

export type TermText = (name: TermName, terms: ShownTerms) => string

/** Says terms as the reader writes numbers and times, each by itself. */
export function useTermText (): TermText {
  const text = useText()
  const { locale, timeZone } = useLocale()
  const { priceUnit: unit } = usePreferences()
  return useMemo(() => {
    const say: Record<TermName, (terms: ShownTerms) => string> = {
      energy: ({ totalAmount }) => formatEnergy(totalAmount, locale),
      price: ({ pricePerUnit, currency }) => formatPrice(pricePerUnit, currency, locale, { unit }),
      total: ({ totalPrice, currency }) => formatMoney(totalPrice, currency, locale),
      delivery: terms => formatWindow(terms, locale, { timeZone }),
      expiry: terms => expiresAtStart(terms) ? text('trades.untilDelivery') : formatTime(terms.expiresAt, locale, { timeZone })
    }
    return (name, terms) => say[name](terms)
  }, [text, locale, timeZone, unit])
}
