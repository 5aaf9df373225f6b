import fastifyJwt from '@fastify/jwt'
import fastify from 'fastify'
import type { Config } from '../../schemas/config.js'
import type { Detail } from '../locales/detail.js'
import type { ProblemError } from '../wire/problem-error.js'
import type { Claims } from './identity.js'
import { tokenProblem } from './token-problem.js'

/**
 * Verifies a token with one key.
 * @returns its claims; undefined where another key signed it
 * @throws ProblemError token_invalid, token_expired or token_not_active
 */
export type Verify = (token: string) => Claims | undefined

/**
 * Prepares the verification with one key: signature, algorithm, times, issuer and audience (RFC 7519 section 4.1,
 * without clock tolerance). The key decides on the algorithm, not the token (RFC 8725 section 3.1).
 * @param key a secret, or a public key as PEM
 * @param config JWT_ISSUER and JWT_AUDIENCE are required of a token where they are set
 */
export async function createVerifier (key: string, algorithm: 'HS256' | 'RS256' | 'ES256', config: Config): Promise<Verify> {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = config
  // @fastify/jwt prepares only the key it is registered with. Given a key for each call it parses the PEM each time,
  // which takes up to three times as long as verifying; so every key gets a registration on an instance of its own.
  const holder = fastify()
  await holder.register(fastifyJwt, {
    secret: { public: key },
    verify: {
      algorithms: [algorithm],
      // allowedIss and allowedAud let a token without the claim pass, hence both.
      requiredClaims: ['exp', 'sub', ...(issuer === undefined ? [] : ['iss']), ...(audience === undefined ? [] : ['aud'])],
      allowedIss: issuer,
      allowedAud: audience
    }
  })
  return token => {
    try {
      return holder.jwt.verify<Claims>(token)
    } catch (error) {
      const { code, message } = error as { code?: string, message: string }
      if (code === 'FAST_JWT_INVALID_SIGNATURE') return undefined
      throw refusal(code, message)
    }
  }
}

/** What to say by codes of fast-jwt. */
const details: Record<string, Detail> = {
  FAST_JWT_MALFORMED: 'token_malformed',
  FAST_JWT_MISSING_SIGNATURE: 'signature_missing',
  FAST_JWT_INVALID_ALGORITHM: 'algorithm'
}

/** What to say of a claim. */
const claimDetails: Record<string, 'claim_missing' | 'claim_type' | 'claim_value'> = {
  FAST_JWT_MISSING_REQUIRED_CLAIM: 'claim_missing', FAST_JWT_INVALID_CLAIM_TYPE: 'claim_type', FAST_JWT_INVALID_CLAIM_VALUE: 'claim_value'
}

// Whatever goes wrong here, the token is the only input: it is at fault, even where fast-jwt trips over it, as over an
// exp beyond the last date.
function refusal (code: string | undefined, message: string): ProblemError {
  if (code === 'FAST_JWT_EXPIRED') return tokenProblem('token_expired')
  if (code === 'FAST_JWT_INACTIVE') return tokenProblem('token_not_active')
  const id = claimDetails[code ?? '']
  // Only its message says which claim it is, and nothing else of what the token says.
  const [claim] = id === undefined ? [] : /\b(iss|aud|sub|exp|nbf|iat)\b/.exec(message) ?? []
  return tokenProblem('token_invalid', id === undefined || claim === undefined ? details[code ?? ''] : { id, claim })
}
