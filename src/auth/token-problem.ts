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

/** Whether somebody was refused with a token that the issuer did sign, only for another time. */
export function isGenuine (error: unknown): boolean {
  // Times are looked at after the signature.
  return error instanceof ProblemError && (error.code === 'token_expired' || error.code === 'token_not_active')
}

/** Whether somebody was refused who may be guessing; that goes for a key unknown for now as well: anybody can make up its name. */
export function isUnproven (error: unknown): boolean {
  return error instanceof ProblemError && (error.statusCode === 401 || error.code === 'keys_unavailable') && !isGenuine(error)
}
