import { createContext, useContext, type ReactNode } from 'react'
import type { Words } from './catalogue.js'
import type { Language } from './languages.js'
import { loadWordsBy } from './reader.js'
import type { Say } from './translate.js'
import { useWords } from './use-words.js'

/**
 * Words that a view has for itself: they are loaded with it, so that those who don't open it needn't wait for them.
 * @returns a provider, below which nothing is shown before its words are there, and the hook that says them
 */
export function viewWords<Id extends string> (load: (language: Language) => Promise<Words<Id>>) {
  const Context = createContext<Say<Id> | undefined>(undefined)
  const loadReaders = async () => await loadWordsBy(load)

  function Provider ({ children }: { children: ReactNode }) {
    const known = useWords(loadReaders)
    return known === undefined ? null : <Context value={known.say}>{children}</Context>
  }

  function useSay (): Say<Id> {
    const say = useContext(Context)
    if (say === undefined) throw new Error('The view\'s words are not provided above')
    return say
  }
  return { Provider, useSay }
}
