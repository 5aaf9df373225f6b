import { useEffect, useState } from 'react'
import { usePreferences } from '../settings/preferences.js'
import { pseudoWords } from './pseudo.js'
import type { ReadersWords } from './reader.js'
import { translator, type Say } from './translate.js'

/**
 * What says texts in the reader's language; undefined before the words are there. While another language is loaded the last one stays.
 * @param load the same function each time
 */
export function useWords<Id extends string> (load: () => Promise<ReadersWords<Id>>): { say: Say<Id>, locale: string } | undefined {
  const { language: chosen } = usePreferences()
  const [known, setKnown] = useState<{ say: Say<Id>, locale: string }>()
  useEffect(() => {
    let isCurrent = true
    load().then(({ words, locale, isPseudo }) => {
      if (isCurrent) setKnown({ say: translator(isPseudo ? pseudoWords(words) : words, locale), locale })
    }, (error: unknown) => { reportError(error) })
    return () => { isCurrent = false }
  }, [load, chosen])
  return known
}
