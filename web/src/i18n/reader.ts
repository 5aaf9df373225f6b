import { preferences } from '../settings/kept-preferences.js'
import type { Catalogue, Words } from './catalogue.js'
import { choose, languages, pseudo, type Language } from './languages.js'

/** By which locale numbers and times are written for the reader now, and problems are worded: a BCP 47 tag. */
export function readersLocale (): string {
  return readersChoice().locale
}

/** Words, and how they are said. */
export interface ReadersWords<Id extends string> { words: Words<Id>, locale: string, isPseudo: boolean }

/** The words of the reader's language as it is now. Whatever they are asked for again is there at once. */
export async function loadWords (): Promise<ReadersWords<keyof Catalogue>> {
  return await loadWordsBy(async language => await languages[language].load())
}

/** As `loadWords`, of words that are loaded in another way. */
export async function loadWordsBy<Id extends string> (load: (language: Language) => Promise<Words<Id>>): Promise<ReadersWords<Id>> {
  const { language, locale } = readersChoice()
  const isPseudo = preferences().language === pseudo
  return { words: await load(language), locale, isPseudo }
}

function readersChoice () {
  const { language: chosen } = preferences()
  return choose(chosen, chosen === pseudo ? ['en'] : navigator.languages)
}
