import type { Words } from '../i18n/catalogue.js'
import type { Language } from '../i18n/languages.js'

const english = async () => (await import('../locales/en/operator.json', { with: { type: 'json' } })).default

/** What a text of this view is called. */
export type OperatorTextId = keyof Awaited<ReturnType<typeof english>>

const loads: Record<Language, () => Promise<Words<OperatorTextId>>> = {
  en: english,
  de: async () => (await import('../locales/de/operator.json', { with: { type: 'json' } })).default,
  fr: async () => (await import('../locales/fr/operator.json', { with: { type: 'json' } })).default,
  es: async () => (await import('../locales/es/operator.json', { with: { type: 'json' } })).default,
  ar: async () => (await import('../locales/ar/operator.json', { with: { type: 'json' } })).default,
  hi: async () => (await import('../locales/hi/operator.json', { with: { type: 'json' } })).default
}

/** The words of this view in a language. */
export async function loadOperatorWords (language: Language): Promise<Words<OperatorTextId>> {
  return await loads[language]()
}
