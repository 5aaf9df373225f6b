import { TypeCompiler } from '@sinclair/typebox/compiler'
import { reservedUserIds, UserIdSchema } from '../../schemas/common.js'
import { cleanName } from '../shared/names.js'
import { tokenProblem } from './token-problem.js'

/** Who makes a request, from a verified token. */
export interface Identity {
  userId: string
  /** A name to show: never empty, at most 100 code points (128 where it is the user id). */
  username: string
  /** When the token expires, in ms since the epoch. */
  expiresAt: number
}

/** The claims of a token whose signature and times were verified (RFC 7519 section 4). */
export interface Claims {
  [name: string]: unknown
  sub: string
  /** Seconds since the epoch. */
  exp: number
}

const lastDate = 8.64e15
const usernameClaims = ['name', 'username', 'preferred_username', 'cognito:username']
const userId = TypeCompiler.Compile(UserIdSchema)

/**
 * Says why an id can't be a user's.
 * @returns a sentence without the id, or undefined for an id that can
 */
export function userIdFault (id: string): string | undefined {
  if (!userId.Check(id)) {
    return 'A user id has 1 to 128 characters, each a letter, a digit or one of @.:|+=_- and the first not a dot'
  }
  if (reservedUserIds.has(id)) return 'The user id is reserved'
}

/**
 * The identity that verified claims assert.
 * @throws ProblemError token_invalid where the `sub` can't be a user id here
 */
export function identityOf (claims: Claims): Identity {
  const fault = userIdFault(claims.sub)
  if (fault !== undefined) throw tokenProblem('token_invalid', `The sub claim is not accepted. ${fault}`)
  const expiresAt = Math.floor(claims.exp * 1000)
  if (Math.abs(expiresAt) > lastDate) throw tokenProblem('token_invalid', 'The exp claim is not a date')
  return { userId: claims.sub, username: usernameOf(claims), expiresAt }
}

function usernameOf (claims: Claims): string {
  for (const claim of usernameClaims) {
    const value = claims[claim]
    const username = typeof value === 'string' ? cleanName(value) : ''
    if (username !== '') return username
  }
  return claims.sub
}
