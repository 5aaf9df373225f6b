import { KeyObject } from 'node:crypto'
import { decodeProtectedHeader, type CryptoKey, type JWTHeaderParameters } from 'jose'
import type { Config } from '../../schemas/config.js'
import type { Claims } from './identity.js'
import type { FindKey } from './jwks.js'
import { tokenProblem } from './token-problem.js'
import { createVerifier, type Verify } from './verifier.js'

/** Whose tokens are accepted. */
export interface Authority {
  /**
   * Resolves to the claims of a token.
   * @throws ProblemError token_invalid, token_expired, token_not_active or keys_unavailable
   */
  verify: (token: string) => Promise<Claims>
  /** Names the keys that are in force; undefined where others are to be fetched first. */
  keys: () => number | undefined
}

const wrongSignature = () => tokenProblem('token_invalid', 'signature')

/**
 * Accepts HS256 tokens under any of the secrets.
 * @param secrets each of at least 32 bytes (RFC 7518 section 3.2)
 */
export async function secretAuthority (secrets: string[], config: Config): Promise<Authority> {
  const verifiers = await Promise.all(secrets.map(secret => createVerifier(secret, 'HS256', config)))
  return {
    async verify (token) {
      for (const verify of verifiers) {
        const claims = verify(token)
        if (claims !== undefined) return claims
      }
      throw wrongSignature()
    },
    keys: () => 0
  }
}

/** Accepts RS256 and ES256 tokens of an issuer that publishes its keys. */
export function issuerAuthority (findKey: FindKey, config: Config): Authority {
  const verifiers = new WeakMap<CryptoKey, Promise<Verify>>()

  async function verify (token: string): Promise<Claims> {
    const header = protectedHeader(token)
    const alg: string = header.alg
    // Refused here already: a token that no key may verify isn't worth a fetch.
    if (alg !== 'RS256' && alg !== 'ES256') throw tokenProblem('token_invalid', 'algorithm')
    if (header.kid !== undefined && typeof header.kid !== 'string') throw tokenProblem('token_invalid', 'kid')
    const key = await findKey(header)
    if (key === undefined) throw tokenProblem('token_invalid', 'key_unknown')
    let verifier = verifiers.get(key)
    if (verifier === undefined) {
      const pem = KeyObject.from(key).export({ type: 'spki', format: 'pem' }).toString()
      verifiers.set(key, verifier = createVerifier(pem, alg, config))
    }
    const claims = (await verifier)(token)
    if (claims === undefined) throw wrongSignature()
    return claims
  }

  return { verify, keys: findKey.current }
}

function protectedHeader (token: string): JWTHeaderParameters {
  try {
    return decodeProtectedHeader(token) as JWTHeaderParameters
  } catch {
    throw tokenProblem('token_invalid', 'token_malformed')
  }
}
