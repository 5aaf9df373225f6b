import { cached } from './cached.js'

const rightToLeft = new Set(['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Mend', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa', 'Yezi'])

// Not every browser tells by `getTextInfo`, and V8 is wrong about `az-Arab` and `dv`; all of them know the script.
const scriptOf = /* @__PURE__ */ cached((locale: string) => new Intl.Locale(locale).maximize().script ?? '')

/**
 * Which way a locale is written, for `dir` of a page. What users write has `dir="auto"`.
 * @param locale a BCP 47 tag
 * @throws RangeError for what is no locale
 */
export function directionOf (locale: string): 'ltr' | 'rtl' {
  return rightToLeft.has(scriptOf(locale)) ? 'rtl' : 'ltr'
}

/**
 * Text that keeps its direction to itself within a sentence, where there is no `<bdi>` to put it in. Its own marks of direction
 * are left out: a name could turn round what follows.
 */
export function isolate (text: string): string {
  return `\u2068${text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')}\u2069`
}

/** Isolates where the locale is written from right to left. */
export function inLocale (text: string, locale: string): string {
  return directionOf(locale) === 'rtl' ? isolate(text) : text
}
