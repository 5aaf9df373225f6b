import fp from 'fastify-plugin'
import { ProblemError } from '../wire/problem-error.js'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * A hook that finds out who asks and counts the request: by user, or by address where the token isn't good.
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
      // A key that is unknown for now counts as well: anybody can make up its name.
      if (error instanceof ProblemError && (error.statusCode === 401 || error.code === 'keys_unavailable')) await app.limitAddress(request)
      throw error
    }
    await app.limitUser(request, reply)
  })
}, { name: 'require-user', dependencies: ['auth', 'rate-limit'] })
