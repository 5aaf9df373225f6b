import { tokenProblem } from './token-problem.js'

/**
 * The token of an Authorization header (RFC 6750 section 2.1; the scheme's letter case doesn't matter, RFC 9110
 * section 11.1).
 * @param refusal of a header whose rest isn't a token
 * @throws ProblemError token_missing without a header or with another scheme, and that refusal
 */
export function bearerToken (authorization: string | undefined, refusal: 'token_invalid' | 'key_invalid' = 'token_invalid'): string {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) throw tokenProblem('token_missing')
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
  if (token === undefined) throw tokenProblem(refusal, 'authorization_header')
  return token
}
