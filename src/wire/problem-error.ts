import type { Locale } from '../../schemas/locales.js'
import { problemCatalogue, type Problem, type ProblemCode } from '../../schemas/problem.js'
import type { Detail } from '../locales/detail.js'
import { detailOf, titleOf } from '../locales/words.js'
import { violation, wordViolations, type Rule, type Violations } from './violations.js'

/** What a problem can carry besides its code and detail. */
export interface ProblemExtras {
  /** Response headers, e.g. Retry-After in seconds. */
  headers?: Record<string, string>
  /** What is wrong, for validation_failed: it is the detail as well. */
  violations?: Violations
  /** The offer as it is, for a refused move. */
  offer?: Problem['offer']
  cause?: unknown
}

/** An error that is meant for the caller: one code of the catalogue and what went wrong this time. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly offer: Problem['offer']

  readonly #detail: Detail | undefined
  readonly #violations: Violations | undefined
  /** Most are told in it, and the log is. */
  readonly #english: Words

  /** Its message is the detail in English, for the log. */
  constructor (code: ProblemCode, detail?: Detail, extras: ProblemExtras = {}) {
    const { stackTraceLimit } = Error
    // Who is refused is told why; where that was decided nobody reads, and to find it out costs the most of a refusal.
    if (problemCatalogue[code].status < 500) Error.stackTraceLimit = 0
    const english = wordsOf(code, detail, extras.violations, 'en')
    super(english.detail, { cause: extras.cause })
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'ProblemError'
    this.code = code
    this.statusCode = problemCatalogue[code].status
    this.headers = extras.headers ?? {}
    this.offer = extras.offer
    this.#detail = detail
    this.#violations = extras.violations
    this.#english = english
  }

  /** True where the same request may succeed later. */
  get retryable (): boolean {
    return this.statusCode === 429 || this.statusCode === 503
  }

  /** The problem in words. */
  in (locale: Locale): Pick<Problem, 'title' | 'errors'> & { detail: string } {
    const words = locale === 'en' ? this.#english : wordsOf(this.code, this.#detail, this.#violations, locale)
    return { title: titleOf(this.code, locale), ...words }
  }

  /**
   * The body of the response.
   * @param locale the language of its words
   * @param requestId names the request in the log
   */
  toProblem (locale: Locale, requestId?: string): Problem {
    const { title, detail, errors } = this.in(locale)
    return { type: `urn:equilux:problem:${this.code}`, title, status: this.statusCode, code: this.code, detail, requestId, errors, offer: this.offer }
  }
}

/** A part of a request that breaks a rule. @param path JSON Pointer into the part */
export function ruleBroken (part: 'body' | 'querystring', path: string, ...rule: Rule): ProblemError {
  return new ProblemError('validation_failed', undefined, { violations: violation(part, path, ...rule) })
}

interface Words { detail: string, errors: Problem['errors'] }

function wordsOf (code: ProblemCode, detail: Detail | undefined, violations: Violations | undefined, locale: Locale): Words {
  if (violations !== undefined) return wordViolations(violations, locale)
  return { detail: detail === undefined ? titleOf(code, locale) : detailOf(detail, locale), errors: undefined }
}
