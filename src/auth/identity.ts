import { TypeCompiler } from '@sinclair/typebox/compiler'
import { reservedUserIds, UserIdSchema } from '../../schemas/common.js'
import type { Locale } from '../../schemas/locales.js'
import { matchLocale } from '../locales/match-locale.js'
import { cleanName } from '../shared/names.js'
import { tokenProblem } from './token-problem.js'

/** Who makes a request, from a verified token. */
export interface Identity {
  userId: string
  /** A name to show: never empty, at most 100 code points (128 where it is the user id). */
  username: string
  /** When the token expires, in ms since the epoch. */
  expiresAt: number
  /** When the user last signed in, where the token tells: `auth_time`, else `iat`. In ms since the epoch. */
  signedInAt?: number
  /** The language that the token asks for, where it is one of the server's. */
  locale?: Locale
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
 * @returns what to say of it, or undefined for an id that can
 */
export function userIdFault (id: string): 'sub_malformed' | 'sub_reserved' | undefined {
  if (!userId.Check(id)) return 'sub_malformed'
  if (reservedUserIds.has(id)) return 'sub_reserved'
}

/**
 * The identity that verified claims assert.
 * @throws ProblemError token_invalid where the `sub` can't be a user id here
 */
export function identityOf (claims: Claims): Identity {
  const fault = userIdFault(claims.sub)
  if (fault !== undefined) throw tokenProblem('token_invalid', fault)
  const expiresAt = Math.floor(claims.exp * 1000)
  if (Math.abs(expiresAt) > lastDate) throw tokenProblem('token_invalid', 'exp_no_date')
  return { userId: claims.sub, username: usernameOf(claims), expiresAt, ...signInOf(claims), ...localeOf(claims) }
}

/** @returns nothing where it isn't told (OpenID Connect Core, section 2; RFC 7519 section 4.1.6) */
function signInOf ({ auth_time: authTime, iat }: Claims): Pick<Identity, 'signedInAt'> {
  const seconds = typeof authTime === 'number' ? authTime : iat
  return typeof seconds === 'number' ? { signedInAt: Math.floor(seconds * 1000) } : {}
}

/** @returns nothing where there is none: most tokens say none, and many identities are remembered */
function localeOf ({ locale }: Claims): Pick<Identity, 'locale'> {
  // Some issuers write `de_AT` (OpenID Connect Core, section 5.1).
  const found = typeof locale === 'string' && locale.length <= 35 ? matchLocale([locale.replaceAll('_', '-')]) : undefined
  return found === undefined ? {} : { locale: found }
}

function usernameOf (claims: Claims): string {
  for (const claim of usernameClaims) {
    const value = claims[claim]
    const username = typeof value === 'string' ? cleanName(value) : ''
    if (username !== '') return username
  }
  return claims.sub
}
