import { directionOf } from 'equilux-chat-client/format'
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { loadWords } from './reader.js'
import type { Translate } from './translate.js'
import { useWords } from './use-words.js'

export interface Locale {
  /** By which numbers and times are written: a BCP 47 tag. */
  locale: string
  direction: 'ltr' | 'rtl'
  /** The reader's: IANA's name. */
  timeZone: string
}

const TextContext = createContext<{ text: Translate, locale: Locale } | undefined>(undefined)

/** Says texts in the reader's language. Nothing below is shown before its words are there; while another is loaded the last one stays. */
export function TextProvider ({ children }: { children: ReactNode }) {
  const words = useWords(loadWords)
  const value = useMemo(() => words && {
    text: words.say,
    locale: { locale: words.locale, direction: directionOf(words.locale), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
  }, [words])
  useEffect(() => {
    if (value === undefined) return
    document.documentElement.lang = value.locale.locale
    document.documentElement.dir = value.locale.direction
  }, [value])
  if (value === undefined) return null
  return <I18nProvider locale={value.locale.locale}><TextContext value={value}>{children}</TextContext></I18nProvider>
}

function useTextContext () {
  const value = useContext(TextContext)
  if (value === undefined) throw new Error('There is no TextProvider above')
  return value
}

/** What says a text by its id in the reader's language. */
export function useText (): Translate {
  return useTextContext().text
}

/** How the reader writes numbers and times. */
export function useLocale (): Locale {
  return useTextContext().locale
}
