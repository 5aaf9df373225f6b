import { ProblemError } from '../wire/problem-error.js'

type TokenProblemCode = 'token_missing' | 'token_invalid' | 'token_expired' | 'token_not_active'

/**
 * A refusal of a request's token, with the challenge that RFC 6750 section 3 asks for: the error is named only where
 * a token was given.
 * @param code what is wrong with the token
 * @param detail the same for this request; never a part of the token
 */
export function tokenProblem (code: TokenProblemCode, detail?: string): ProblemError {
  const error = code === 'token_missing' ? '' : ', error="invalid_token"'
  return new ProblemError(code, detail, { headers: { 'www-authenticate': `Bearer realm="equilux-chat"${error}` } })
}
