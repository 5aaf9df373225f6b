import type { Words } from '../i18n/catalogue.js'
import type { Language } from '../i18n/languages.js'

const english = async () => (await import('../locales/en/analytics.json', { with: { type: 'json' } })).default

/** What a text of this view is called. */
export type AnalyticsTextId = keyof Awaited<ReturnType<typeof english>>

const loads: Record<Language, () => Promise<Words<AnalyticsTextId>>> = {
  en: english,
  de: async () => (await import('../locales/de/analytics.json', { with: { type: 'json' } })).default,
  fr: async () => (await import('../locales/fr/analytics.json', { with: { type: 'json' } })).default,
  es: async () => (await import('../locales/es/analytics.json', { with: { type: 'json' } })).default,
  ar: async () => (await import('../locales/ar/analytics.json', { with: { type: 'json' } })).default,
  hi: async () => (await import('../locales/hi/analytics.json', { with: { type: 'json' } })).default
}

/** The words of this view in a language. */
export async function loadAnalyticsWords (language: Language): Promise<Words<AnalyticsTextId>> {
  return await loads[language]()
}
