import type { Catalogue } from './catalogue.js'

/** The languages that the app has, each by its own name, and how to get its words: a chunk each. */
export const languages = {
  en: { name: 'English', load: async () => (await import('../locales/en/index.js')).default },
  de: { name: 'Deutsch', load: async () => (await import('../locales/de/index.js')).default },
  fr: { name: 'Français', load: async () => (await import('../locales/fr/index.js')).default },
  es: { name: 'Español', load: async () => (await import('../locales/es/index.js')).default },
  ar: { name: 'العربية', load: async () => (await import('../locales/ar/index.js')).default },
  hi: { name: 'हिन्दी', load: async () => (await import('../locales/hi/index.js')).default }
} satisfies Record<string, { name: string, load: () => Promise<Catalogue> }>

export type Language = keyof typeof languages

/** The language in which untranslated words show: it is made from English. */
export const pseudo = 'en-XA'

export function isLanguage (tag: string): tag is Language {
  return Object.hasOwn(languages, tag)
}

/**
 * The best language of the app for a reader, and the locale by which numbers and times are written: with the reader's region, if
 * the browser says one of that language.
 * @param chosen what was chosen in the app, if anything
 * @param accepted what the browser says, best first
 */
export function choose (chosen: string | undefined, accepted: readonly string[]): { language: Language, locale: string } {
  const known = accepted.flatMap(tag => {
    const language = tag.toLowerCase().split('-')[0] ?? ''
    return isLanguage(language) ? [{ language, locale: tag }] : []
  })
  if (chosen === undefined || !isLanguage(chosen)) return known[0] ?? { language: 'en', locale: 'en' }
  return known.find(({ language }) => language === chosen) ?? { language: chosen, locale: chosen }
}
