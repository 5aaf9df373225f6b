import { problemResponses, type ProblemCode } from '../../schemas/problem.js'

/** What a route that needs a user can answer besides its success and the problems named. */
export function userProblems (...codes: ProblemCode[]) {
  return problemResponses(
    'validation_failed', ...codes, 'token_missing', 'token_invalid', 'token_expired', 'token_not_active', 'rate_limited',
    'internal_error', 'database_unavailable', 'keys_unavailable'
  )
}

/** The security requirement of those routes. */
export const tokenRequired = [{ token: [] }]

/** What a route that needs the key of an integration can answer besides its success and the problems named. */
export function keyProblems (...codes: ProblemCode[]) {
  return problemResponses(
    'validation_failed', ...codes, 'token_missing', 'key_invalid', 'rate_limited', 'internal_error', 'database_unavailable'
  )
}

/** The security requirement of those routes. */
export const keyRequired = [{ key: [] }]
