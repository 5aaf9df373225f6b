import fastifyJwt from '@fastify/jwt'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { issuerAuthority, secretAuthority } from '../auth/authority.js'
import { bearerToken } from '../auth/bearer.js'
import type { Identity } from '../auth/identity.js'
import { remoteKeys } from '../auth/jwks.js'
import { remember } from '../auth/known-tokens.js'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Verifies a token (RFC 7519, RFC 8725).
     * @throws ProblemError token_invalid, token_expired, token_not_active or keys_unavailable
     */
    authenticate (token: string): Promise<Identity>
    /**
     * Verifies the bearer token of a request (RFC 6750 section 2.1).
     * @throws ProblemError as authenticate does, or token_missing
     */
    identify (request: FastifyRequest): Promise<Identity>
  }

  interface FastifyRequest {
    /** Who makes the request: set by the hook of the scope that authenticates. */
    identity: Identity
  }
}

/** Verifies tokens. With JWT_SECRET it also signs them, for tests and development: `app.jwt.sign`. */
export default fp(async app => {
  const { config } = app
  const { JWT_SECRET: secrets, JWT_JWKS_URL: url } = config

  const authorityOf = async () => {
    if (url !== undefined) {
      const onFailure = (err: unknown) => app.log.warn({ err }, 'the issuer\'s keys can\'t be fetched')
      return issuerAuthority(remoteKeys(url, { onFailure }), config)
    }
    const [signing] = secrets ?? []
    if (secrets === undefined || signing === undefined) throw new Error('Neither JWT_SECRET nor JWT_JWKS_URL is set')
    await app.register(fastifyJwt, {
      secret: signing,
      sign: { algorithm: 'HS256', iss: config.JWT_ISSUER, aud: config.JWT_AUDIENCE }
    })
    return secretAuthority(secrets, config)
  }
  const authority = await authorityOf()

  app.decorateRequest('identity')
  app.decorate('authenticate', remember(authority))
  app.decorate('identify', async (request: FastifyRequest) => app.authenticate(bearerToken(request.headers.authorization)))
}, { name: 'auth', dependencies: ['config'] })
