import { setTimeout as sleep } from 'node:timers/promises'
import { Redis, type RedisOptions } from 'ioredis'
import type { FastifyBaseLogger } from 'fastify'

const options: RedisOptions = {
  lazyConnect: true,
  connectTimeout: 500,
  // What a request waits at most, until the silence is long enough to give the connection up: then commands fail at once.
  commandTimeout: 300,
  socketTimeout: 1000,
  disconnectTimeout: 500,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  disableClientInfo: true,
  retryStrategy: attempt => Math.min(100 * 2 ** Math.min(attempt - 1, 5), 2000) * (0.75 + Math.random() / 2)
}

/** One connection to Redis that comes back by itself; each outage is logged once. */
export class RedisLink {
  readonly client: Redis
  #isUp = false
  #closed = false
  #cause: Error | undefined
  #logged = false

  /**
   * @param name for the log
   */
  constructor (url: string, private readonly name: string, private readonly log: FastifyBaseLogger) {
    this.client = new Redis(url, options)
    this.client.on('error', error => { this.#cause = error })
    this.client.on('ready', () => this.#up())
    this.client.on('close', () => this.#down())
  }

  get isUp (): boolean {
    return this.#isUp
  }

  /** Begins to connect and waits for the first attempt, whatever comes of it. */
  async connect (): Promise<void> {
    await this.client.connect().catch(() => {})
  }

  /** Ends the connection, in half a second at most. */
  async close (): Promise<void> {
    this.#closed = true
    if (this.client.status === 'end') return
    // Not `once` of node:events, which an error would end.
    const ended = new Promise(resolve => this.client.once('end', resolve))
    this.client.disconnect()
    await Promise.race([ended, sleep(600, undefined, { ref: false })])
  }

  #up () {
    this.#isUp = true
    if (this.#logged) this.log.info(`Redis is back (${this.name})`)
    this.#logged = false
    this.#cause = undefined
  }

  #down () {
    this.#isUp = false
    if (this.#closed || this.#logged) return
    this.#logged = true
    this.log.warn({ err: this.#cause }, `Redis is away (${this.name})`)
  }
}
