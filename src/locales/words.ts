import { IntlMessageFormat } from 'intl-messageformat'
import type { Locale } from '../../schemas/locales.js'
import type { ProblemCode } from '../../schemas/problem.js'
import { readCatalogue, type Catalogue } from './catalogue.js'
import type { Detail } from './detail.js'

/** What a message is told. */
export type Values = Record<string, string | number>

/** A keyword for which there are words. */
export type Keyword = keyof Catalogue['violations']

type Messages = Map<string, string | IntlMessageFormat>

const plain: Values = {}
/** A time with its zone. */
const formats = { date: { utc: { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' } } } as const
const known = new Map<Locale, { catalogue: Catalogue, messages: Messages }>()

/** The kind of a problem. */
export function titleOf (code: ProblemCode, locale: Locale): string {
  return say(locale, 'titles', code, plain)
}

/** What went wrong. */
export function detailOf (detail: Detail, locale: Locale): string {
  return typeof detail === 'string' ? say(locale, 'details', detail, plain) : say(locale, 'details', detail.id, detail as unknown as Values)
}

/** What is wrong with a value. @param keyword of the rule that it breaks; of one without words of its own only that it is broken is said */
export function violationOf (keyword: Keyword, values: Values, locale: Locale): string {
  return say(locale, 'violations', keyword, values)
}

/** @param message what `violationOf` says @param place where the value is */
export function placed (place: string, message: string, locale: Locale): string {
  return place === '' ? message : say(locale, 'lists', 'violation', { place, message })
}

/** @param named what is named @param more how many are not */
export function shortened (named: string, more: number, locale: Locale): string {
  return say(locale, 'lists', 'more', { named, more })
}

/** Whether there are words for what a rule asks for. */
export function isKeyword (keyword: string): keyword is Keyword {
  return Object.hasOwn(of('en').catalogue.violations, keyword)
}

function of (locale: Locale) {
  let words = known.get(locale)
  if (words === undefined) known.set(locale, words = { catalogue: readCatalogue(locale), messages: new Map() })
  return words
}

/** Says a message; it is compiled when it is first said. */
function say<Part extends 'titles' | 'details' | 'violations' | 'lists'> (locale: Locale, part: Part, id: string & keyof Catalogue[Part], values: Values): string {
  const { catalogue, messages } = of(locale)
  const key = `${part}.${id}`
  let message = messages.get(key)
  if (message === undefined) messages.set(key, message = compile(catalogue[part][id] as string, locale))
  return typeof message === 'string' ? message : String(message.format(values))
}

/** A message that is the same whatever it is told is its text. */
function compile (text: string, locale: Locale): string | IntlMessageFormat {
  const message = new IntlMessageFormat(text, locale, formats, { ignoreTag: true })
  return message.getAst().every(({ type }) => type === 0) ? String(message.format()) : message
}
