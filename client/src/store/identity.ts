import { claimsOf, TokenKeeper, type TokenSource } from '../token.js'

/**
 * Whose a token is: its `sub`.
 * @returns undefined for one that can't be got now, or doesn't tell: then the server says, once there is a connection
 */
export async function userOf (source: TokenSource): Promise<string | undefined> {
  const { sub } = claimsOf((await TokenKeeper.of(source).get()).token ?? '')
  return typeof sub === 'string' ? sub : undefined
}
