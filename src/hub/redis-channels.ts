import type { Redis } from 'ioredis'

const chunk = 500

/** Subscribes to channels, as they are wanted, on a connection that comes and goes. */
export class RedisChannels {
  readonly #wanted = new Set<string>()

  constructor (private readonly redis: Redis) {}

  /** How many channels are wanted. */
  get size (): number {
    return this.#wanted.size
  }

  /** Resolves when what is published from now on comes. @throws if the connection is away; `restore` makes up for it */
  async add (channel: string): Promise<void> {
    this.#wanted.add(channel)
    // A command would begin to connect; that is for the server to do, when it gets ready.
    if (this.redis.status === 'wait') return
    await this.redis.subscribe(channel).catch((error: unknown) => {
      // A connection that lives but didn't confirm is not to be trusted: a new one begins from scratch.
      if (this.redis.status === 'ready') this.redis.disconnect(true)
      throw error
    })
  }

  /** Without a connection there is no subscription to end. */
  remove (channel: string): void {
    this.#wanted.delete(channel)
    this.redis.unsubscribe(channel).catch(() => {})
  }

  /** Subscribes to everything wanted, on a new connection. */
  async restore (): Promise<void> {
    const channels = [...this.#wanted]
    for (let n = 0; n < channels.length; n += chunk) {
      // What was given up meanwhile has been unsubscribed already.
      const wanted = channels.slice(n, n + chunk).filter(channel => this.#wanted.has(channel))
      if (wanted.length > 0) await this.redis.subscribe(...wanted)
    }
  }
}
