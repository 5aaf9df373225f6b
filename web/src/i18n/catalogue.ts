import type english from '../locales/en/index.js'

/** What a text is called. English has them all. */
export type TextId = keyof typeof english

/** Texts of a language, in ICU MessageFormat. */
export type Words<Id extends string> = Readonly<Record<Id, string>>

/** The words of a language that are there before any view is. */
export type Catalogue = Words<TextId>

export type TextValues = Readonly<Record<string, string | number>>
