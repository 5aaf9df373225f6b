import type { Redis } from 'ioredis'

/** How long an instance that ended without saying so counts, in milliseconds. The clocks of instances differ by less. */
export const presenceExpiry = 15_000
/** How often an instance says that it is there, in milliseconds. */
export const presenceInterval = 5000

const chunk = 500
/** How long it is remembered whom an instance that nobody heard of any more had connected, in milliseconds. */
const retention = 3_600_000

/** The users of an instance that has ceased to count. */
export interface Abandoned {
  userIds: string[]
  /** When it was last heard of, in ms since the epoch. */
  at: number
}

/**
 * Which instances a user is connected to: for each user a sorted set of instances by the time at which they cease to
 * count, unless they are renewed. The instances themselves are in another one, and each has the set of its users, so that
 * when one ceases to count somebody can say whose connections are gone.
 */
export class RedisPresence {
  readonly #instances: string

  constructor (private readonly redis: Redis, private readonly prefix: string, private readonly instance: string) {
    this.#instances = `${prefix}:instances`
  }

  /** @returns whether the user was connected to no instance before */
  async enter (userId: string): Promise<boolean> {
    const key = this.#key(userId)
    const now = Date.now()
    const [, , count] = values(await this.redis.multi()
      .zremrangebyscore(key, '-inf', now)
      .zadd(key, now + presenceExpiry, this.instance)
      .zcard(key)
      .pexpire(key, presenceExpiry)
      .sadd(this.#usersOf(this.instance), userId)
      .exec())
    return count === 1
  }

  /** @returns whether the user is connected to no instance now */
  async leave (userId: string): Promise<boolean> {
    const key = this.#key(userId)
    const [, count] = values(await this.redis.multi()
      .zrem(key, this.instance)
      .zcount(key, Date.now(), '+inf')
      .srem(this.#usersOf(this.instance), userId)
      .exec())
    return count === 0
  }

  async online (userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set()
    const now = Date.now()
    const counts = values(await this.redis.pipeline(userIds.map(userId => ['zcount', this.#key(userId), now, '+inf'])).exec())
    return new Set(userIds.filter((_userId, n) => Number(counts[n]) > 0))
  }

  /**
   * Renews the instance and what was entered, in one round trip for hundreds of users.
   * @param userIds may change meanwhile
   * @returns whether the others had given this instance up
   */
  async renew (userIds: Iterable<string>): Promise<boolean> {
    const own = this.#usersOf(this.instance)
    let commands: Array<Array<string | number>> = []
    const flush = async () => {
      const due = commands
      commands = []
      if (due.length > 0) values(await this.redis.pipeline(due).exec())
    }
    for (const userId of userIds) {
      const key = this.#key(userId)
      commands.push(['zadd', key, Date.now() + presenceExpiry, this.instance], ['pexpire', key, presenceExpiry], ['sadd', own, userId])
      if (commands.length >= 3 * chunk) await flush()
    }
    await flush()
    const [, , , givenUp] = values(await this.redis.multi()
      .zadd(this.#instances, Date.now() + presenceExpiry, this.instance)
      .pexpire(this.#instances, retention)
      .pexpire(own, retention)
      .del(this.#givenUp(this.instance))
      .exec())
    return givenUp === 1
  }

  /** Gives up the instances that ceased to count: of those who ask, one gets the users of each. */
  async takeAbandoned (): Promise<Abandoned[]> {
    const expired = await this.redis.zrangebyscore(this.#instances, '-inf', Date.now(), 'WITHSCORES')
    const abandoned: Abandoned[] = []
    for (let n = 0; n < expired.length; n += 2) {
      const [instance, expiry] = expired.slice(n, n + 2) as [string, string]
      if (await this.redis.zrem(this.#instances, instance) === 0) continue
      const [userIds] = values(await this.redis.multi()
        .smembers(this.#usersOf(instance))
        .del(this.#usersOf(instance))
        .set(this.#givenUp(instance), '', 'PX', retention)
        .exec())
      abandoned.push({ userIds: userIds as string[], at: Number(expiry) - presenceExpiry })
    }
    return abandoned
  }

  #usersOf (instance: string): string {
    return `${this.prefix}:users:${instance}`
  }

  #givenUp (instance: string): string {
    return `${this.prefix}:given-up:${instance}`
  }

  #key (userId: string): string {
    return `${this.prefix}:online:${userId}`
  }
}

/** The replies of a pipeline. @throws the first error in it */
function values (replies: Array<[error: Error | null, result: unknown]> | null): unknown[] {
  return (replies ?? []).map(([error, result]) => {
    if (error !== null) throw error
    return result
  })
}
