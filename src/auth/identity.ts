import { TypeCompiler } from '@sinclair/typebox/compiler'
import { reservedUserIds, UserIdSchema } from '../../schemas/common.js'
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

const maxUsernameLength = 100
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
    const username = typeof value === 'string' ? clean(value) : ''
    if (username !== '') return username
  }
  return claims.sub
}

// The name goes onto other people's screens: one line, encodable as UTF-8, and without characters that can't be seen, which
// make one user look like another or turn what stands beside the name around.
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

function clean (name: string): string {
  const line = name.replace(invisible, '').replace(/\p{Surrogate}/gu, '\uFFFD').trim()
  return [...line].slice(0, maxUsernameLength).join('').trim()
}
