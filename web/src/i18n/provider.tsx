import { directionOf } from 'equilux-chat-client/format'
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { usePreferences } from '../settings/preferences.js'
import { pseudoCatalogue } from './pseudo.js'
import { loadWords } from './reader.js'
import { translator, type Translate } from './translate.js'

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
  const { language: chosen } = usePreferences()
  const [words, setWords] = useState<{ text: Translate, locale: string }>()
  useEffect(() => {
    let isCurrent = true
    loadWords().then(({ catalogue, locale, isPseudo }) => {
      if (isCurrent) setWords({ text: translator(isPseudo ? pseudoCatalogue(catalogue) : catalogue, locale), locale })
    }, (error: unknown) => { reportError(error) })
    return () => { isCurrent = false }
  }, [chosen])
  const value = useMemo(() => words && {
    text: words.text,
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
