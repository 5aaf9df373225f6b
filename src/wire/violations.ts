import { maxViolations, type Problem, type ViolationParam } from '../../schemas/problem.js'
import type { Locale } from '../../schemas/locales.js'
import { isKeyword, placed, shortened, violationOf, type Keyword } from '../locales/words.js'

type Params = Record<string, ViolationParam>

/** A rule that a part of a request breaks, before it is said in a language. */
export interface Violation {
  /** JSON Pointer into the part. */
  path: string
  keyword: string
  /** What the rule allows. */
  params?: Params
  /** A property of the caller's that isn't known: it is in the words only. */
  additionalProperty?: string
}

/** The rules that a request breaks. */
export interface Violations {
  /** What the paths are in, e.g. `body`; none in a frame. */
  where?: string
  named: readonly Violation[]
  /** How many there are beyond those that are named. */
  more?: number
}

/** What Ajv says of a rule that is broken. */
export interface AjvError {
  keyword: string
  schemaPath: string
  instancePath: string
  params: Record<string, unknown>
}

/** A rule with words, and what it allows. */
export type Rule = [keyword: Keyword, params?: Params]

/** One violation in one place. */
export function violation (where: 'body' | 'querystring', path: string, ...[keyword, params]: Rule): Violations {
  return { where, named: [{ path, keyword, params }] }
}

/**
 * What Ajv found, each once; it names the property and never repeats the value.
 * @param where what the paths are in, e.g. `body`
 * @param limit how many are named
 */
export function violationsOf (found: readonly AjvError[], { where, limit = maxViolations }: { where?: string, limit?: number } = {}): Violations {
  const seen = new Set<string>()
  const named: Violation[] = []
  for (const one of readable(found)) {
    const text = `${one.path} ${one.keyword} ${one.additionalProperty ?? Object.values(one.params ?? {}).join()}`
    if (seen.has(text)) continue
    seen.add(text)
    if (named.length < limit) named.push(one)
  }
  return { where, named, more: seen.size - named.length }
}

/** Violations in words. */
export function wordViolations ({ where = '', named, more = 0 }: Violations, locale: Locale): { errors: NonNullable<Problem['errors']>, detail: string } {
  const errors = named.map(one => ({ path: one.path, message: inWords(one, locale), keyword: one.keyword, params: one.params }))
  const detail = errors.map(({ path, message }) => placed(`${where}${path}`, message, locale)).join('; ')
  return { errors, detail: more > 0 ? shortened(detail, more, locale) : detail }
}

function inWords ({ keyword, params = {}, additionalProperty = '' }: Violation, locale: Locale): string {
  const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? String(value) : value]))
  const hasWords = isKeyword(keyword) && (keyword !== 'anyOf' || 'properties' in values)
  return violationOf(hasWords ? keyword : 'other', { ...values, additionalProperty }, locale)
}

function readable (found: readonly AjvError[]): Violation[] {
  const choices = new Map(found.filter(({ keyword }) => keyword === 'anyOf').map(({ schemaPath }) => [schemaPath, [] as string[]]))
  // The branches of a choice are no violations of their own: what they miss is what it asks for.
  const others = found.filter(({ keyword, schemaPath, params }) => {
    const missing = choices.get(schemaPath.replace(/\/\d+\/required$/, ''))
    if (missing !== undefined && keyword === 'required') missing.push(String(params.missingProperty))
    return keyword !== 'if' && (missing === undefined || keyword !== 'required')
  })
  return others.map(({ keyword, schemaPath, instancePath: path, params }) => {
    const missing = keyword === 'anyOf' ? choices.get(schemaPath) ?? [] : []
    if (missing.length > 0) return { path, keyword, params: { properties: missing } }
    const { additionalProperty, comparison: _, ...limits } = params
    if (additionalProperty !== undefined) return { path, keyword, additionalProperty: String(additionalProperty).slice(0, 64) }
    return { path, keyword, params: keyword === 'uniqueItems' ? undefined : limits as Params }
  })
}
