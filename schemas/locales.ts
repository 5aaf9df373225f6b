import { Type } from '@sinclair/typebox'

/** The languages in which the web app, and what the server refuses, can be read (BCP 47); the first is that of everything else. */
export const locales = ['en', 'de', 'fr', 'es', 'ar', 'hi'] as const

export type Locale = typeof locales[number]

export const LocaleSchema = Type.String({
  minLength: 2, maxLength: 35, format: 'bcp-47', description: 'A language tag (BCP 47)', examples: ['de-AT']
})
