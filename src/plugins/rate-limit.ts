import rateLimit from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addressKey } from '../shared/address.js'
import { Windows } from '../shared/windows.js'
import { ProblemError } from '../wire/problem-error.js'

const timeWindow = 60_000
/** How many times the limit somebody may come with a token that has expired: clients that notice late are told so. */
const patience = 10
/** How many users, or addresses, are counted at once where this instance counts by itself. */
const maxCounted = 50_000

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
    /** Counts a request with a genuine token for another time by whose it is, generously. @throws ProblemError rate_limited */
    limitOutdated: (userId: string) => Promise<void>
    /** Counts a request of an integration, as a hook. @throws ProblemError rate_limited */
    limitIntegration: (request: FastifyRequest, reply: FastifyReply) => Promise<void>
    /** Refuses an address whose requests without a valid token were too many already, and counts nothing. @throws ProblemError rate_limited */
    checkAddress: (request: FastifyRequest) => Promise<void>
    /** Refuses an upgrade from an address whose upgrades have failed too often. @throws ProblemError rate_limited */
    limitUpgrade: (request: FastifyRequest) => Promise<void>
    /** Counts an upgrade that came to nothing: nobody said who it is, or not with a good token. @param address as `addressKey` makes it */
    countFailedUpgrade: (address: string) => Promise<void>
  }
}

/** Counts by id. Without increment it is asked whether there may be one more. */
type Counter = (id: string, options?: { increment: boolean }) => Promise<RateCount>

const counting = { increment: true }

/** All that the limiter looks at of what it takes for a request; frames are none. */
interface Counted extends Pick<FastifyRequest, 'routeOptions'> {
  key: string
}

/**
 * RATE_LIMIT_MAX requests a minute for each user and, apart from that, for each address that fails to authenticate: users
 * behind one address don't take from each other, and guessing tokens is slow. INTEGRATION_RATE_LIMIT_MAX for each integration. Browsers can't authenticate before an upgrade:
 * theirs are counted by address when they have failed, and apart from requests, so that guessing shuts no browser out.
 * Instances count together if there is Redis.
 */
export default fp(async app => {
  const { RATE_LIMIT_MAX: max, INTEGRATION_RATE_LIMIT_MAX: maxOfIntegrations } = app.config
  if ((max > 0 || maxOfIntegrations > 0) && app.redis !== undefined) {
    await app.register(rateLimit, {
      global: false,
      max,
      timeWindow,
      redis: app.redis.commands.client,
      nameSpace: `${app.redis.prefix}:limit:`,
      // Redis being away fails no request: then nothing is counted.
      skipOnError: true,
      keyGenerator: request => (request as unknown as Counted).key
    })
  }
  const users = createCounter('user')
  const integrations = createCounter('integration', maxOfIntegrations)
  const addresses = createCounter('address')
  const outdated = createCounter('outdated', max * patience)
  const upgrades = createCounter('upgrade')

  app.decorate('countUser', async userId => await users(userId))

  app.decorate('limitUser', async (request, reply) => {
    const { isAllowed, headers } = await app.countUser(request.identity.userId)
    if (!isAllowed) throw new ProblemError('rate_limited', { id: 'requests_a_minute', max }, { headers })
    reply.headers(headers)
  })

  app.decorate('limitIntegration', async (request, reply) => {
    const { isAllowed, headers } = await integrations(request.integration.integrationId)
    if (!isAllowed) throw new ProblemError('rate_limited', { id: 'requests_a_minute', max: maxOfIntegrations }, { headers })
    reply.headers(headers)
  })

  const tooManyUnproven = ({ headers }: RateCount) => new ProblemError('rate_limited', 'requests_unproven', { headers })

  app.decorate('limitAddress', async request => {
    const count = await addresses(addressKey(request.ip))
    if (!count.isAllowed) throw tooManyUnproven(count)
  })

  app.decorate('checkAddress', async request => {
    const count = await addresses(addressKey(request.ip), { increment: false })
    if (!count.isAllowed) throw tooManyUnproven(count)
  })

  app.decorate('limitOutdated', async userId => {
    const { isAllowed, headers } = await outdated(userId)
    if (!isAllowed) throw new ProblemError('rate_limited', 'requests_outdated', { headers })
  })

  app.decorate('limitUpgrade', async request => {
    const { isAllowed, headers } = await upgrades(addressKey(request.ip), { increment: false })
    if (!isAllowed) throw new ProblemError('rate_limited', 'connections_failed', { headers })
  })

  app.decorate('countFailedUpgrade', async address => { await upgrades(address) })

  /** Each counter remembers its own: a flood from many addresses makes no user's count forgotten. */
  function createCounter (kind: string, most = max): Counter {
    if (most === 0) return async () => ({ isAllowed: true, headers: {} })
    if (app.redis !== undefined) return sharedCounter(kind, most)
    const windows = new Windows(timeWindow, maxCounted)
    return async (id, { increment } = counting) => {
      const window = increment ? windows.add(id) : windows.get(id)
      const { count = 0, endsAt = 0 } = window ?? {}
      const left = Math.max(0, endsAt - performance.now())
      return judge({ most, remaining: Math.max(0, most - count), reset: Math.ceil(left / 1000), isAllowed: increment ? count <= most : count < most })
    }
  }

  function sharedCounter (kind: string, most: number): Counter {
    const limiter = app.createRateLimit({ max: most })
    return async (id, options = counting) => {
      const counted: Counted = { key: `${kind}:${id}`, routeOptions: {} as FastifyRequest['routeOptions'] }
      const count = await limiter(counted as unknown as FastifyRequest, options)
      // That is said only of what is on an allow list, and there is none.
      if (count.isAllowed) return { isAllowed: true, headers: {} }
      const { remaining, ttlInSeconds: reset, isExceeded } = count
      return judge({ most, remaining, reset, isAllowed: options.increment ? !isExceeded : remaining > 0 })
    }
  }
}, { name: 'rate-limit', dependencies: ['config', 'auth', 'redis'] })

/** @param count.reset in how many seconds the minute ends */
function judge ({ most, remaining, reset, isAllowed }: { most: number, remaining: number, reset: number, isAllowed: boolean }): RateCount {
  const headers: Record<string, string> = {
    'ratelimit-limit': String(most), 'ratelimit-remaining': String(remaining), 'ratelimit-reset': String(reset)
  }
  if (!isAllowed) headers['retry-after'] = String(reset)
  return { isAllowed, headers }
}
