import { BoundedMap } from '../shared/bounded-map.js'
import type { Authority } from './authority.js'
import { identityOf, type Identity } from './identity.js'
import { tokenProblem } from './token-problem.js'

const maxTokenBytes = 8192
/** How many tokens are remembered. */
const maxKnown = 10_000

interface Known {
  identity: Identity
  /** From when on the token is good, in ms since the epoch. */
  notBefore: number
  /** What it was verified with. */
  keys: number
}

/**
 * Remembers who those are whose tokens were verified, for as long as the same keys are in force: most requests bear a token that came
 * a moment before, and to verify it costs more than all else that is done before a request reaches its route.
 * @param authority verifies what isn't remembered
 * @returns the identity that a token asserts; it throws what the authority throws, and token_invalid for one that is too long
 */
export function remember (authority: Authority): (token: string) => Promise<Identity> {
  const known = new BoundedMap<string, Known>(maxKnown)

  return async token => {
    const keys = authority.keys()
    const found = known.get(token)
    if (found !== undefined) {
      const { identity, notBefore } = found
      const now = Date.now()
      if (found.keys === keys && now < identity.expiresAt && now >= notBefore) return identity
      known.delete(token)
    }
    if (Buffer.byteLength(token) > maxTokenBytes) throw tokenProblem('token_invalid', 'token_too_long')
    const claims = await authority.verify(token)
    const identity = identityOf(claims)
    const notBefore = typeof claims.nbf === 'number' ? claims.nbf * 1000 : 0
    // Others may have been fetched meanwhile.
    if (keys !== undefined && keys === authority.keys()) known.set(token, { identity, notBefore, keys })
    return identity
  }
}
