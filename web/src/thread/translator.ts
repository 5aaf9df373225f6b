/** What some browsers have to translate on the device itself: nothing of a text leaves it. */
interface TranslatorApi {
  Translator: {
    availability: (languages: Languages) => Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>
    create: (languages: Languages) => Promise<{ translate: (text: string) => Promise<string>, destroy: () => void }>
  }
  LanguageDetector: {
    create: () => Promise<{ detect: (text: string) => Promise<Array<{ detectedLanguage?: string, confidence?: number }>>, destroy: () => void }>
  }
}

interface Languages { sourceLanguage: string, targetLanguage: string }

/** What became of it: the text and the language it was in; `same` where that is the reader's already. */
export type Translated = { text: string, from: string } | 'same' | 'unavailable'

/** Whether this browser can translate. */
export function canTranslate (): boolean {
  return 'Translator' in globalThis && 'LanguageDetector' in globalThis
}

/**
 * Translates a text on the device.
 * @param locale the reader's
 * @throws whatever the browser says, e.g. that a language couldn't be loaded
 */
export async function translate (text: string, locale: string): Promise<Translated> {
  const { Translator, LanguageDetector } = globalThis as unknown as TranslatorApi
  const targetLanguage = languageOf(locale)
  const detector = await LanguageDetector.create()
  const [best] = await detector.detect(text).finally(() => detector.destroy())
  const sourceLanguage = best?.detectedLanguage
  if (sourceLanguage === undefined || sourceLanguage === 'und') return 'unavailable'
  if (languageOf(sourceLanguage) === targetLanguage) return 'same'
  const languages = { sourceLanguage, targetLanguage }
  if (await Translator.availability(languages) === 'unavailable') return 'unavailable'
  const translator = await Translator.create(languages)
  return { text: await translator.translate(text).finally(() => translator.destroy()), from: sourceLanguage }
}

function languageOf (locale: string): string {
  return new Intl.Locale(locale).language
}
