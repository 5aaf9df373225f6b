import { preferences } from '../settings/kept-preferences.js'
import type { Catalogue } from './catalogue.js'
import { choose, languages, pseudo } from './languages.js'

/** By which locale numbers and times are written for the reader now, and problems are worded: a BCP 47 tag. */
export function readersLocale (): string {
  return readersChoice().locale
}

/** The words of the reader's language as it is now. Whatever they are asked for again is there at once. */
export async function loadWords (): Promise<{ catalogue: Catalogue, locale: string, isPseudo: boolean }> {
  const { language, locale } = readersChoice()
  const isPseudo = preferences().language === pseudo
  return { catalogue: await languages[language].load(), locale, isPseudo }
}

function readersChoice () {
  const { language: chosen } = preferences()
  return choose(chosen, chosen === pseudo ? ['en'] : navigator.languages)
}
