import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { BackPlane, BackPlaneHealth, BackPlaneListener } from './back-plane.js'
import type { EncodedEvent } from '../wire/encoded-event.js'
import { openEvent, openMissed, wrap, type Missed, type Opened } from './envelope.js'
import { MissedUsers } from './missed-users.js'
import { RedisChannels } from './redis-channels.js'
import type { RedisLink } from './redis-link.js'
import { presenceExpiry, presenceInterval, RedisPresence } from './redis-presence.js'

/** How often at most malformed messages are logged, in milliseconds. */
const complaintInterval = 60_000
/** How long what only newer instances understand is gathered before it is caught up with, in milliseconds. */
const gathering = 500
/** How much earlier than it came something may have happened: instances' clocks differ by less. In milliseconds. */
const clockTolerance = 5000

/**
 * The back-plane over Redis: one channel for each user, subscribed to while the user is connected here, and one for what
 * instances tell each other. An instance delivers its own events itself, so that it goes on without Redis; those that come
 * back to it bear its name and are left out.
 */
export class RedisBackPlane implements BackPlane {
  readonly shared = true
  readonly #instance = randomUUID()
  readonly #users = new Set<string>()
  /** Whose events the others could not be told. */
  readonly #missed = new MissedUsers()
  /** Whose events could not be understood here. */
  readonly #foreign = new MissedUsers()
  #gathering: NodeJS.Timeout | undefined
  #malformed = 0
  #complainedAt = -Infinity
  readonly #presence: RedisPresence
  readonly #channels: RedisChannels
  readonly #beat: NodeJS.Timeout
  #listener: BackPlaneListener | undefined
  #subscribed = false
  /** When the subscriptions were last known to work. */
  #heardAt = Date.now()
  /** Since when commands have worked without a break. */
  #upSince = Infinity

  /**
   * @param prefix of every key and channel
   * @param commands a connection that others may use as well
   * @param subscriber a connection of its own
   */
  constructor (
    private readonly prefix: string,
    private readonly commands: RedisLink,
    private readonly subscriber: RedisLink,
    private readonly log: FastifyBaseLogger
  ) {
    this.#presence = new RedisPresence(commands.client, prefix, this.#instance)
    this.#channels = new RedisChannels(subscriber.client)
    this.#channels.add(this.#common).catch(() => {})
    subscriber.client.on('message', (channel, message) => this.#receive(channel, message))
    subscriber.client.on('ready', () => { this.#restore().catch(() => subscriber.client.disconnect(true)) })
    subscriber.client.on('close', () => this.#lose())
    commands.client.on('ready', () => {
      this.#upSince = Date.now()
      this.#renew().catch(() => {})
    })
    commands.client.on('close', () => { this.#upSince = Infinity })
    this.#beat = setInterval(() => this.#tick(), presenceInterval).unref()
  }

  get health (): BackPlaneHealth {
    return this.commands.isUp && this.#subscribed ? 'ok' : 'away'
  }

  get channels (): number {
    return this.#channels.size
  }

  attach (listener: BackPlaneListener): void {
    this.#listener = listener
    if (!this.#subscribed) listener.lost(this.#heardAt)
  }

  publish (userIds: readonly string[], event: EncodedEvent): void {
    const message = wrap(this.#instance, event)
    const at = Date.now()
    for (const userId of userIds) {
      this.commands.client.publish(this.#channelOf(userId), message).catch(() => {
        if (event.place !== undefined) this.#missed.add([userId], at)
      })
    }
  }

  async enter (userId: string): Promise<boolean> {
    this.#users.add(userId)
    const [first] = await Promise.all([
      this.#presence.enter(userId).catch(() => true),
      this.#channels.add(this.#channelOf(userId)).catch(() => {})
    ])
    return first
  }

  async leave (userId: string): Promise<boolean> {
    this.#users.delete(userId)
    this.#channels.remove(this.#channelOf(userId))
    return await this.#presence.leave(userId).catch(() => true)
  }

  async online (userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return await this.#presence.online(userIds).catch(() => new Set(userIds.filter(userId => this.#users.has(userId))))
  }

  close (): void {
    clearInterval(this.#beat)
    clearTimeout(this.#gathering)
    this.#listener = undefined
  }

  get #common () {
    return `${this.prefix}:instances`
  }

  #channelOf (userId: string) {
    return `${this.prefix}:user:${userId}`
  }

  #receive (channel: string, message: string) {
    if (channel === this.#common) {
      this.#take<Missed>(openMissed(message, this.#instance), undefined, ({ userIds, since }) => this.#listener?.mend(userIds, since))
    } else {
      const userId = channel.slice(this.#channelOf('').length)
      this.#take<EncodedEvent>(openEvent(message, this.#instance), userId, event => this.#listener?.deliver(userId, event))
    }
  }

  /** @param userId whom it concerns; undefined for everybody */
  #take<Content> (opened: Opened<Content>, userId: string | undefined, handle: (content: Content) => void) {
    if (opened === undefined) return
    if ('content' in opened) return handle(opened.content)
    if ('fault' in opened) return this.#complain(opened.fault)
    if (opened.isDurable) this.#catchUpSoon(userId)
  }

  /** During a rolling upgrade the connections of an older instance get from the table what it doesn't understand. */
  #catchUpSoon (userId: string | undefined) {
    this.#foreign.restore({ userIds: userId === undefined ? undefined : [userId], since: Date.now() - clockTolerance })
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      const foreign = this.#foreign.take()
      if (foreign !== undefined) this.#listener?.mend(foreign.userIds, foreign.since)
    }, gathering).unref()
  }

  /** A channel's name has a user's id in it, and the message might have anything: neither is logged. */
  #complain (fault: string) {
    this.#malformed++
    const now = performance.now()
    if (now - this.#complainedAt < complaintInterval) return
    this.log.warn({ fault, dropped: this.#malformed }, 'malformed messages between instances are dropped')
    this.#complainedAt = now
    this.#malformed = 0
  }

  #lose () {
    if (!this.#subscribed) return
    this.#subscribed = false
    this.#listener?.lost(this.#heardAt)
  }

  async #restore () {
    const at = Date.now()
    await this.#channels.restore()
    this.#subscribed = true
    this.#heardAt = at
    this.#listener?.healed()
  }

  /** Says again who is here, and tells the others what they could not be told. */
  async #renew () {
    if (await this.#presence.renew(this.#users)) this.#listener?.returned([...this.#users])
    const missed = this.#missed.take()
    if (missed === undefined) return
    await this.commands.client.publish(this.#common, wrap(this.#instance, missed)).catch((error: unknown) => {
      this.#missed.restore(missed)
      throw error
    })
  }

  /** Tells of the users of crashed instances. After an outage the others get the time to renew themselves first. */
  async #takeOver () {
    if (Date.now() - this.#upSince < presenceExpiry) return
    for (const { userIds, at } of await this.#presence.takeAbandoned()) this.#listener?.abandoned(userIds, at)
  }

  /** A connection that is silently dead is found out by asking: the link gives it up when no answer comes. */
  #tick () {
    if (this.commands.isUp) this.#renew().then(async () => await this.#takeOver()).catch(() => {})
    if (!this.#subscribed) return
    const at = Date.now()
    this.subscriber.client.ping().then(() => { this.#heardAt = at }, () => {})
  }
}
