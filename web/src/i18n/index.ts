/** The reader's language: what is said in it, and how numbers and times are written. */
export type { TextId, TextValues } from './catalogue.js'
export { TextProvider, useLocale, useText, type Locale } from './provider.js'
export { readersLocale } from './reader.js'
export type { Say, Translate } from './translate.js'
export { viewWords } from './view-words.js'
