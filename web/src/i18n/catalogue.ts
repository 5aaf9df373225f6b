import type english from '../locales/en/index.js'

/** What a text is called. English has them all. */
export type TextId = keyof typeof english

/** The words of a language, in ICU MessageFormat. */
export type Catalogue = Readonly<Record<TextId, string>>

export type TextValues = Readonly<Record<string, string | number>>
