import { readFileSync } from 'node:fs'
import type { Locale } from '../../schemas/locales.js'
import type { ProblemCode } from '../../schemas/problem.js'
import type ar from './ar.json'
import type de from './de.json'
import type en from './en.json'
import type es from './es.json'
import type fr from './fr.json'
import type hi from './hi.json'

/** What the server says in words, as ICU messages by their ids. */
export interface Catalogue {
  /** Whether somebody who speaks the language has read it: drafts are made by machine. */
  reviewed: boolean
  /** The kinds of problems. */
  titles: Record<ProblemCode, string>
  /** What went wrong this time. */
  details: Record<keyof typeof en.details, string>
  /** What is wrong with a value, by the keyword of the rule that it breaks. */
  violations: Record<keyof typeof en.violations, string>
  /** How violations become the detail of a problem. */
  lists: Record<'violation' | 'more', string>
}

// That each file has all that a catalogue has is seen when types are checked.
type Checked = { ar: typeof ar, de: typeof de, en: typeof en, es: typeof es, fr: typeof fr, hi: typeof hi }
type Files = Checked extends Record<Locale, Catalogue> ? Checked : never

/** The catalogue of a language, read from its file. */
export function readCatalogue<Name extends Locale> (locale: Name): Files[Name] {
  return JSON.parse(readFileSync(new URL(`./${locale}.json`, import.meta.url), 'utf8')) as Files[Name]
}
