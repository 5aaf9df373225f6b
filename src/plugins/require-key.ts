import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Scope } from '../../schemas/integration.js'
import { bearerToken } from '../auth/bearer.js'
import { isUnproven, scopeProblem, tokenProblem } from '../auth/token-problem.js'
import type { KeyHolder } from '../services/integrations/keyring.js'
import { parseKey } from '../services/integrations/keys.js'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * A hook that finds out which integration asks and counts the request: by integration; by address where the key isn't good. On
     * a route below one that has found it out already it looks at the scope only.
     * @param scope which the integration must have, if any
     * @throws ProblemError token_missing, key_invalid, scope_missing or rate_limited
     */
    requireKey: (scope?: Scope) => (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  }

  interface FastifyRequest {
    /** Which integration makes a request, and by which key: set by the hook of the scope that requires one. */
    integration: KeyHolder
  }
}

export default fp(async app => {
  app.decorateRequest('integration')

  app.decorate('requireKey', scope => async (request, reply) => {
    if (request.integration === undefined) {
      request.integration = await identify(request)
      await app.limitIntegration(request, reply)
    }
    if (scope !== undefined && !request.integration.scopes.includes(scope)) throw scopeProblem(scope)
  })

  async function identify (request: FastifyRequest): Promise<KeyHolder> {
    try {
      const key = parseKey(bearerToken(request.headers.authorization, 'key_invalid'))
      if (key === undefined) throw tokenProblem('key_invalid')
      // Who only makes ids up causes no more reads than requests are allowed.
      if (!app.services.keyring.knows(key)) await app.checkAddress(request)
      const holder = await app.services.keyring.holderOf(key)
      if (holder === undefined) throw tokenProblem('key_invalid')
      return holder
    } catch (error) {
      if (isUnproven(error)) await app.limitAddress(request)
      throw error
    }
  }
}, { name: 'require-key', dependencies: ['rate-limit', 'services'] })
