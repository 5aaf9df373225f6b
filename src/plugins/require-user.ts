import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { decodeJwt } from 'jose'
import { bearerToken } from '../auth/bearer.js'
import { isGenuine, isUnproven } from '../auth/token-problem.js'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * A hook that finds out who asks and counts the request: by user; by address where the token isn't good. Whoever has a
     * genuine token that has expired is told so, whatever others at the address do.
     * @throws ProblemError token_* or rate_limited
     */
    requireUser: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  }
}

export default fp(async app => {
  app.decorate('requireUser', async (request, reply) => {
    try {
      request.identity = await app.identify(request)
    } catch (error) {
      if (isGenuine(error)) await app.limitOutdated(subjectOf(request))
      if (isUnproven(error)) await app.limitAddress(request)
      throw error
    }
    await app.limitUser(request, reply)
  })
}, { name: 'require-user', dependencies: ['auth', 'rate-limit'] })

/** Whose token it is, which its signature has proved. */
function subjectOf ({ headers: { authorization } }: FastifyRequest): string {
  return String(decodeJwt(bearerToken(authorization)).sub)
}
