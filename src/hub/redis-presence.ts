import type { Redis } from 'ioredis'

/** How long an instance that ended without saying so counts, in milliseconds. The clocks of instances differ by less. */
export const presenceExpiry = 15_000
/** How often an instance says that it is there, in milliseconds. */
export const presenceInterval = 5000

const chunk = 500

/**
 * Which instances a user is connected to: for each user a sorted set of instances by the time at which they cease to
 * count, unless they are renewed.
 */
export class RedisPresence {
  constructor (
    private readonly redis: Redis, private readonly prefix: string, private readonly instance: string, private readonly expiry = presenceExpiry
  ) {}

  /** @returns whether the user was connected to no instance before */
  async enter (userId: string): Promise<boolean> {
    const key = this.#key(userId)
    const now = Date.now()
    const [, , count] = values(await this.redis.multi()
      .zremrangebyscore(key, '-inf', now)
      .zadd(key, now + this.expiry, this.instance)
      .zcard(key)
      .pexpire(key, this.expiry)
      .exec())
    return count === 1
  }

  /** @returns whether the user is connected to no instance now */
  async leave (userId: string): Promise<boolean> {
    const key = this.#key(userId)
    const [, count] = values(await this.redis.multi().zrem(key, this.instance).zcount(key, Date.now(), '+inf').exec())
    return count === 0
  }

  async online (userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set()
    const now = Date.now()
    const counts = values(await this.redis.pipeline(userIds.map(userId => ['zcount', this.#key(userId), now, '+inf'])).exec())
    return new Set(userIds.filter((_userId, n) => Number(counts[n]) > 0))
  }

  /** Renews what was entered, in one round trip for hundreds of users. @param userIds may change meanwhile */
  async renew (userIds: Iterable<string>): Promise<void> {
    let commands: Array<Array<string | number>> = []
    const flush = async () => {
      const due = commands
      commands = []
      if (due.length > 0) values(await this.redis.pipeline(due).exec())
    }
    for (const userId of userIds) {
      const key = this.#key(userId)
      commands.push(['zadd', key, Date.now() + this.expiry, this.instance], ['pexpire', key, this.expiry])
      if (commands.length >= 2 * chunk) await flush()
    }
    await flush()
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
