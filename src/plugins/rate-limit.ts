import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import { ProblemError } from '../wire/problem-error.js'

const timeWindow = 60_000

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts a request of an authenticated user, as a hook. @throws ProblemError rate_limited */
    limitUser: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
    /** Counts a request without a valid token by its address. @throws ProblemError rate_limited */
    limitAddress: (request: FastifyRequest) => Promise<void>
  }
}

/**
 * RATE_LIMIT_MAX requests a minute for each user and, apart from that, for each address that fails to authenticate: users
 * behind one address don't take from each other, and guessing tokens is slow. Instances count together if there is Redis.
 */
export default fp(async app => {
  const { RATE_LIMIT_MAX: max } = app.config
  if (max === 0) {
    app.decorate('limitUser', async () => {})
    app.decorate('limitAddress', async () => {})
    return
  }

  await app.register(rateLimit, {
    global: false,
    max,
    timeWindow,
    cache: 50_000,
    enableDraftSpec: true,
    ...(app.redis !== undefined && { redis: app.redis.commands.client, nameSpace: `${app.redis.prefix}:limit:` }),
    // Redis being away fails no request: then nothing is counted.
    skipOnError: true,
    errorResponseBuilder: () => new ProblemError('rate_limited', `At most ${max} requests a minute`)
  })
  app.decorate('limitUser', app.rateLimit({ keyGenerator: request => `user:${request.identity.userId}` }) as never)

  const countAddress = app.createRateLimit({ keyGenerator: request => `address:${request.ip}` })
  app.decorate('limitAddress', async request => {
    const count = await countAddress(request)
    if (!count.isAllowed && count.isExceeded) {
      throw new ProblemError('rate_limited', 'Too many requests without a valid token', {
        headers: {
          'retry-after': String(count.ttlInSeconds),
          'ratelimit-limit': String(max),
          'ratelimit-remaining': '0',
          'ratelimit-reset': String(count.ttlInSeconds)
        }
      })
    }
  })
}, { name: 'rate-limit', dependencies: ['config', 'auth', 'redis'] })
