import { useNow } from 'equilux-chat-client/react'
import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { useAppConfig } from '../../config/index.js'
import { useLocale } from '../../i18n/index.js'
import { questionOf, type Question } from './questions.js'
import { readView, searchNames, writeView, type View } from './view.js'

const hour = 3_600_000

/** What the page's address says that is shown, what that comes to now, and how to show something else. */
export function useView (): { view: View, question: Question, setView: (changed: Partial<View>) => void } {
  const [search, setSearch] = useSearchParams()
  const { timeZone } = useLocale()
  const { defaultCurrency } = useAppConfig()
  const now = useNow(hour)
  const view = useMemo(() => readView(search), [search])
  const question = useMemo(() => questionOf(view, { now, timeZone, currency: defaultCurrency }), [view, now, timeZone, defaultCurrency])
  const setView = useCallback((changed: Partial<View>) => {
    setSearch(before => {
      const others = Array.from(before).filter(([name]) => !(searchNames as readonly string[]).includes(name))
      return new URLSearchParams([...others, ...writeView({ ...readView(before), ...changed })])
    }, { replace: true })
  }, [setSearch])
  return { view, question, setView }
}
