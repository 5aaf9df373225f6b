import { EventEmitter } from 'node:events'
import type { ServerEvent } from '../../schemas/events.js'
import type { Identity } from '../auth/identity.js'
import type { BackPlane, BackPlaneListener } from './back-plane.js'
import type { CloseReason } from '../wire/close-codes.js'
import type { HubLimits } from './limits.js'
import { encodeEvent, withClientId, type EncodedEvent, type EventPlace } from '../wire/encoded-event.js'
import type { Outlet } from './outlet.js'
import type { Subscriber } from './subscriber.js'
import { Tally } from './tally.js'

/** How far apart connections are closed on average, in milliseconds. */
const closeSpacing = 3

/** What goes with the event of a message. */
export interface Particulars {
  /** The time of the message before it, in ms since the epoch, where it is known. */
  previousAt?: number
  /** The name that the sender's client gave the message, for that one of the users only. */
  own?: { userId: string, clientId: string }
}

/** Delivers an event to every live connection of some users. */
export type Publish = (userIds: readonly string[], event: ServerEvent, particulars?: Particulars) => void

interface HubEvents {
  online: [Identity, Promise<boolean>]
  offline: [Identity, Promise<boolean>]
  abandoned: [readonly string[], number]
  returned: [readonly string[]]
  elsewhere: [string, EventPlace]
}

/**
 * The live connections of this process by user id. It emits `online` with the identity when a user's first connection
 * joins, and `offline` when the last one has left, both with a promise of whether that goes for all instances; `abandoned`
 * when the users of another instance have gone with it (at a time in ms), and `returned` when users here were taken for gone;
 * `elsewhere` when another instance tells a user of a message.
 */
export class Hub extends EventEmitter<HubEvents> implements BackPlaneListener {
  readonly tally = new Tally()
  readonly #outlets = new Set<Outlet>()
  readonly #users = new Map<string, Map<Outlet, Subscriber>>()
  readonly #entered = new Map<string, Promise<unknown>>()
  readonly #ticker: NodeJS.Timeout
  #closed = false
  /** When events of other instances were missing the last time, in ms since the epoch; without an end while they are. */
  #outage = { from: 0, to: 0 }

  constructor (readonly limits: HubLimits, private readonly backPlane: BackPlane) {
    super()
    backPlane.attach(this)
    this.#ticker = setInterval(() => this.#tick(), limits.tick).unref()
  }

  /** Whether one more connection may be opened. */
  get hasRoom (): boolean {
    return this.#outlets.size < this.limits.connections
  }

  /** Whether the hub was closed, so that no connection may be opened any more. */
  get isClosed (): boolean {
    return this.#closed
  }

  /** How many connections and users there are. */
  get size (): { connections: number, users: number } {
    return { connections: this.#outlets.size, users: this.#users.size }
  }

  /** Every connection, also those of which nobody knows yet whose they are. */
  get outlets (): Iterable<Outlet> {
    return this.#outlets
  }

  /** Takes a connection under the limits of time, before anybody knows whose it is. */
  add (outlet: Outlet): void {
    this.#outlets.add(outlet)
    this.tally.opened.add(outlet.transport)
  }

  /**
   * Delivers a user's events to a connection's subscriber from now on.
   * @param subscribe makes it; it is given what resolves when events of other instances come too
   * @param takeOver whether the user's oldest connection here gives way where there are too many
   * @returns undefined if the user has too many connections already
   */
  join<Joined extends Subscriber> (
    outlet: Outlet, identity: Identity, subscribe: (entered: Promise<unknown> | undefined) => Joined, takeOver = false
  ): Joined | undefined {
    const { userId } = identity
    if (takeOver) this.#makeRoom(userId)
    const own = this.#users.get(userId) ?? new Map<Outlet, Subscriber>()
    if (own.size >= this.limits.connectionsPerUser) return undefined
    outlet.identity = identity
    const first = own.size === 0 ? this.backPlane.enter(userId) : undefined
    if (first !== undefined) this.#entered.set(userId, first)
    const subscriber = subscribe(this.#entered.get(userId))
    if (this.#isCutOff) subscriber.doubt(this.#outage.from)
    own.set(outlet, subscriber)
    this.#users.set(userId, own)
    if (first !== undefined) this.emit('online', identity, first)
    return subscriber
  }

  /** Closes a user's oldest connection where there is no room for another one. It counts no more, however long its end takes. */
  #makeRoom (userId: string) {
    const [oldest, ...others] = this.#users.get(userId)?.keys() ?? []
    if (oldest === undefined || 1 + others.length < this.limits.connectionsPerUser) return
    oldest.close('taken_over')
    this.remove(oldest)
  }

  /** Forgets a closed connection. */
  remove (outlet: Outlet): void {
    if (this.#outlets.delete(outlet)) this.tally.closed.add(outlet.endReason)
    const { identity } = outlet
    const own = identity === undefined ? undefined : this.#users.get(identity.userId)
    own?.get(outlet)?.end()
    if (identity === undefined || own === undefined || !own.delete(outlet) || own.size > 0) return
    this.#users.delete(identity.userId)
    this.#entered.delete(identity.userId)
    this.emit('offline', identity, this.backPlane.leave(identity.userId))
  }

  isOnline (userId: string): boolean {
    return this.#users.has(userId)
  }

  /** Serializes an event once and gives it to every connection of the users, here at once and through the back-plane. */
  publish: Publish = (userIds, event, { previousAt, own } = {}) => {
    const distinct = [...new Set(userIds)]
    if (!this.backPlane.shared && !distinct.some(userId => this.#users.has(userId))) return
    const live = encodeEvent(event, previousAt)
    if (own === undefined) return this.#tell(distinct, live)
    this.#tell([own.userId], withClientId(live, own.clientId))
    this.#tell(distinct.filter(userId => userId !== own.userId), live)
  }

  #tell (userIds: string[], event: EncodedEvent) {
    for (const userId of userIds) this.#give(userId, event)
    this.backPlane.publish(userIds, event)
  }

  deliver (userId: string, event: EncodedEvent): void {
    if (event.place !== undefined) this.emit('elsewhere', userId, event.place)
    this.#give(userId, event)
  }

  /** Gives an event to the user's connections here. */
  #give (userId: string, event: EncodedEvent) {
    for (const subscriber of this.#users.get(userId)?.values() ?? []) subscriber.deliver(event)
  }

  lost (since: number): void {
    this.#outage = { from: since, to: Infinity }
    for (const subscriber of this.#subscribers()) subscriber.doubt(since)
  }

  healed (): void {
    this.#outage.to = Date.now()
    // Unless it was lost again meanwhile: there will be another time.
    for (const subscriber of this.#subscribers()) this.#soon(() => { if (!this.#isCutOff) subscriber.dispel() })
  }

  mend (userIds: readonly string[] | undefined, since: number): void {
    const { from, to } = this.#outage
    // Whoever resumed had a cursor that claims too much, unless it was known here that events are missing.
    const claimed = since < from || since > to
    for (const subscriber of this.#subscribers(userIds)) this.#soon(() => subscriber.mend(since, claimed))
  }

  abandoned (userIds: readonly string[], at: number): void {
    this.emit('abandoned', userIds, at)
  }

  returned (userIds: readonly string[]): void {
    this.emit('returned', userIds)
  }

  /** Ends the limits of time and closes every connection, many of them spread over a while: they reconnect elsewhere. */
  close (reason: CloseReason): void {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#ticker)
    const spread = Math.min(this.limits.closeSpread, this.#outlets.size * closeSpacing)
    for (const outlet of this.#outlets) setTimeout(() => outlet.close(reason), Math.random() * spread)
  }

  get #isCutOff (): boolean {
    return this.#outage.to === Infinity
  }

  * #subscribers (userIds: Iterable<string> = this.#users.keys()): Generator<Subscriber> {
    for (const userId of userIds) yield * this.#users.get(userId)?.values() ?? []
  }

  #soon (work: () => void) {
    setTimeout(work, Math.random() * this.limits.mendSpread).unref()
  }

  #tick () {
    for (const outlet of this.#outlets) outlet.tick()
  }
}
