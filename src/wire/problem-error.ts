import { problemCatalogue, type Problem, type ProblemCode } from '../../schemas/problem.js'

/** What a problem can carry besides its code and detail. */
export interface ProblemExtras {
  /** Response headers, e.g. Retry-After in seconds. */
  headers?: Record<string, string>
  /** Violations, for validation_failed. */
  errors?: Problem['errors']
  /** The offer as it is, for a refused move. */
  offer?: Problem['offer']
  cause?: unknown
}

/** An error that is meant for the caller: one code of the catalogue and what went wrong this time. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly errors: Problem['errors']
  readonly offer: Problem['offer']

  constructor (code: ProblemCode, detail: string = problemCatalogue[code].title, extras: ProblemExtras = {}) {
    const { stackTraceLimit } = Error
    // Who is refused is told why; where that was decided nobody reads, and to find it out costs the most of a refusal.
    if (problemCatalogue[code].status < 500) Error.stackTraceLimit = 0
    super(detail, { cause: extras.cause })
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'ProblemError'
    this.code = code
    this.statusCode = problemCatalogue[code].status
    this.headers = extras.headers ?? {}
    this.errors = extras.errors
    this.offer = extras.offer
  }

  /** True where the same request may succeed later. */
  get retryable (): boolean {
    return this.statusCode === 429 || this.statusCode === 503
  }

  /**
   * The body of the response.
   * @param requestId names the request in the log
   */
  toProblem (requestId?: string): Problem {
    return {
      type: `urn:equilux:problem:${this.code}`,
      title: problemCatalogue[this.code].title,
      status: this.statusCode,
      code: this.code,
      detail: this.message,
      requestId,
      errors: this.errors,
      offer: this.offer
    }
  }
}
