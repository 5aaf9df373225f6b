import rateLimit from '@fastify/rate-limit'
import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../wire/problem-error.js'

const timeWindow = 60_000

/** What became of one more request of somebody, within the current minute. */
export interface RateCount {
  isAllowed: boolean
  /** The RateLimit-* headers, and Retry-After where it isn't allowed; none where nothing is limited. */
  headers: Record<string, string>
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Counts something that a user asks for, by whatever way: requests and frames take from the same RATE_LIMIT_MAX a minute.
     * It never throws and waits for Redis at most as long as any command does.
     */
    countUser: (userId: string) => Promise<RateCount>
    /** Counts a request of an authenticated user, as a hook. @throws ProblemError rate_limited */
    limitUser: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
    /** Counts a request without a valid token by its address. @throws ProblemError rate_limited */
    limitAddress: (request: FastifyRequest) => Promise<void>
  }
}

/** All that the limiter looks at of what it takes for a request; frames are none. */
interface Counted extends Pick<FastifyRequest, 'routeOptions'> {
  key: string
}

/**
 * RATE_LIMIT_MAX requests a minute for each user and, apart from that, for each address that fails to authenticate: users
 * behind one address don't take from each other, and guessing tokens is slow. Instances count together if there is Redis.
 */
export default fp(async app => {
  const { RATE_LIMIT_MAX: max } = app.config
  if (max > 0) {
    await app.register(rateLimit, {
      global: false,
      max,
      timeWindow,
      cache: 50_000,
      ...(app.redis !== undefined && { redis: app.redis.commands.client, nameSpace: `${app.redis.prefix}:limit:` }),
      // Redis being away fails no request: then nothing is counted.
      skipOnError: true,
      keyGenerator: request => (request as unknown as Counted).key
    })
  }
  const users = createCounter('user')
  const addresses = createCounter('address')

  app.decorate('countUser', users)

  app.decorate('limitUser', async (request, reply) => {
    const { isAllowed, headers } = await app.countUser(request.identity.userId)
    if (!isAllowed) throw new ProblemError('rate_limited', `At most ${max} requests a minute`, { headers })
    reply.headers(headers)
  })

  app.decorate('limitAddress', async request => {
    // A network of IPv6 is one customer's: 2 ** 64 addresses of it are no more than one.
    const { isAllowed, headers } = await addresses(rateLimit.normalizeIP(request.ip))
    if (!isAllowed) throw new ProblemError('rate_limited', 'Too many requests without a valid token', { headers })
  })

  /** Each counter remembers its own: a flood from many addresses makes no user's count forgotten. */
  function createCounter (kind: string): (id: string) => Promise<RateCount> {
    if (max === 0) return async () => ({ isAllowed: true, headers: {} })
    const limiter = app.createRateLimit({})
    return async id => {
      const counted: Counted = { key: `${kind}:${id}`, routeOptions: {} as FastifyRequest['routeOptions'] }
      const count = await limiter(counted as unknown as FastifyRequest)
      // That is said only of what is on an allow list, and there is none.
      if (count.isAllowed) return { isAllowed: true, headers: {} }
      const reset = String(count.ttlInSeconds)
      return {
        isAllowed: !count.isExceeded,
        headers: {
          'ratelimit-limit': String(max),
          'ratelimit-remaining': String(count.remaining),
          'ratelimit-reset': reset,
          ...(count.isExceeded && { 'retry-after': reset })
        }
      }
    }
  }
}, { name: 'rate-limit', dependencies: ['config', 'auth', 'redis'] })
