import type { Scope } from '../../schemas/integration.js'
import type { Detail } from '../locales/detail.js'
import { ProblemError } from '../wire/problem-error.js'

type TokenProblemCode = 'token_missing' | 'token_invalid' | 'token_expired' | 'token_not_active' | 'key_invalid'

const challenge = 'Bearer realm="equilux-chat"'

/**
 * A refusal of a request's token or key, with the challenge that RFC 6750 section 3 asks for: the error is named only where
 * a token was given.
 * @param code what is wrong with it
 * @param detail the same for this request; never a part of it
 */
export function tokenProblem (code: TokenProblemCode, detail?: Detail): ProblemError {
  const error = code === 'token_missing' ? '' : ', error="invalid_token"'
  return new ProblemError(code, detail, { headers: { 'www-authenticate': `${challenge}${error}` } })
}

/** The refusal of an integration that lacks a scope, with the challenge of the same section. */
export function scopeProblem (scope: Scope): ProblemError {
  const headers = { 'www-authenticate': `${challenge}, error="insufficient_scope", scope="${scope}"` }
  return new ProblemError('scope_missing', { id: 'scope', scope }, { headers })
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
