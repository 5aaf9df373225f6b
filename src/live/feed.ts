import type { CatchUp, CaughtUp } from '../services/catch-up/catch-up.js'
import type { Changes } from '../services/catch-up/changes.js'
import { settleTime, type Cursor, type Cursors } from '../services/catch-up/cursor.js'
import type { Range } from '../services/catch-up/unsent.js'
import { encodeEvent, type EventPlace, type EncodedEvent } from '../wire/encoded-event.js'
import type { Outlet } from '../hub/outlet.js'
import type { Subscriber } from '../hub/subscriber.js'
import type { Tally } from '../hub/tally.js'
import type { Turns } from '../shared/turns.js'
import { changeEvents } from './change-events.js'
import { Coverage } from './coverage.js'
import { Delivery } from './delivery.js'

const pageSize = 50

const nothing: Promise<unknown> = Promise.resolve()

export interface FeedContext {
  catchUp: CatchUp
  changes: Pick<Changes, 'since'>
  cursors: Cursors
  /** The line for the pages of catch-ups: of a thousand clients who come back at once, few read at a time. */
  turns: Turns
}

/**
 * What one client gets of a user's events: nothing is skipped between catch-up and live. While it catches up, live events
 * wait; afterwards those that the catch-up brought are left out. Before an event that comes ahead of its turn, those that it
 * overtook are read.
 */
export class Feed implements Subscriber {
  readonly #delivery = new Delivery(this)
  readonly #coverage = new Coverage()
  /** When the client began; what was before is not its business here. */
  #begunAt = Date.now()
  /** Whether it went on from a cursor, so that what was before may be its business after all. */
  #resumed = false
  /** How far a catch-up has come that has not ended: until one does, no cursor claims more. */
  #behind: Cursor | undefined
  /** What was seen for certain when events began to be missing, for as long as they may be: no cursor claims more. */
  #doubted: Cursor | undefined
  #work = nothing
  #recheck: NodeJS.Timeout | undefined

  /** @param entered resolves when what happens from then on is delivered */
  constructor (
    readonly outlet: Outlet,
    readonly userId: string,
    private readonly context: FeedContext,
    readonly tally: Tally,
    private readonly entered?: Promise<unknown>
  ) {}

  /** The cursor of what the client has seen. */
  get cursor (): string {
    return this.context.cursors.issue(this.userId, this.#behind ?? this.#doubted ?? this.#delivery.seen)
  }

  /** Takes an event as it happens. */
  deliver (event: EncodedEvent): void {
    this.#delivery.deliver(event)
  }

  /**
   * Begins with what happens from now on; until `release` events wait.
   * @returns the cursor to begin with
   */
  async begin (): Promise<string> {
    await this.entered
    const cursor = await this.context.catchUp.begin(this.userId)
    this.#behind = undefined
    this.#coverage.extend(cursor)
    this.#begunAt = cursor.at
    this.#delivery.begin(cursor)
    return this.cursor
  }

  /** Sends what waited, and from then on events as they come. */
  release (): void {
    this.#delivery.release()
  }

  /**
   * Sends what was missed since a cursor, what changed beside, then what happened meanwhile. After a failure events come as before, but with the
   * cursor of how far it came, until another catch-up succeeds. What this connection was sent is not read again.
   * @returns how many messages were sent of the former
   */
  async resume (since: Cursor): Promise<number> {
    this.#resumed = true
    if (this.covers(since)) return 0
    const { replayed, end } = await this.#enqueue(async () => await this.#catchUp(since, true))
    // Once more when all that was on its way has settled: indexes follow the table with a delay.
    clearTimeout(this.#recheck)
    if (this.outlet.isOpen) this.#recheck = setTimeout(() => this.mend(end), settleTime).unref()
    return replayed
  }

  /** Whether everything since a cursor was sent, as far as is known here, so that resuming from it reads nothing. */
  covers (since: Cursor): boolean {
    return !this.#delivery.isHolding && this.#behind === undefined && this.#doubted === undefined && this.#coverage.includes(since)
  }

  /**
   * Catches up by itself, e.g. when events may have been lost on their way; a failure ends the connection.
   * @param since from where, or when the first may have been lost (ms since the epoch); by default from where the client is
   * @param claimed whether a cursor that the client resumed from may claim what was lost
   */
  mend (since?: Cursor | number, claimed = false): void {
    this.#repair(async () => await this.#catchUp(
      this.#behind ?? (typeof since === 'number' ? this.#from(since, claimed) : since ?? this.#delivery.seen)
    ))
  }

  /** From a time on events may be missing, in ms since the epoch: a client that comes back with a cursor is to get them. */
  doubt (since: number): void {
    const { at, seen } = this.#behind ?? this.#delivery.seen
    this.#doubted ??= { at: Math.min(at, since), seen }
  }

  /** Events come again: those that were missing are caught up with. */
  dispel (): void {
    const since = this.#doubted
    this.#doubted = undefined
    if (since !== undefined) this.mend(since.at)
  }

  /** An event came ahead of its turn: what it overtook is read. */
  overtaken (place: EventPlace): void {
    this.#repair(async () => await this.#fillBefore(place))
  }

  /** Forgets what is to be done later. */
  end (): void {
    clearTimeout(this.#recheck)
  }

  #enqueue<T> (task: () => Promise<T>): Promise<T> {
    const done = this.#work.then(async () => {
      this.tally.catchingUp++
      try {
        return await task()
      } finally {
        this.tally.catchingUp--
      }
    })
    this.#work = done.catch(() => {})
    return done
  }

  #repair (task: () => Promise<unknown>) {
    if (!this.outlet.isOpen) return
    this.#delivery.hold()
    this.#enqueue(task).catch(() => this.outlet.close('unavailable'))
  }

  /** @param withChanges whether to tell of read positions and presence too */
  async #catchUp (since: Cursor, withChanges = false): Promise<{ replayed: number, end: Cursor }> {
    const delivery = this.#delivery
    // A catch-up that the client didn't ask for, or began with, ends the connection when it fails: what waits is not sent then,
    // for it would come ahead of what is missed.
    let mayRelease = !delivery.isHolding
    delivery.hold()
    this.#behind = since
    try {
      const caughtUp = new Map<string, Range>()
      let replayed = 0
      // One that goes on from the middle of another ends where that began, and what came since then is missed as well.
      let rounds = since.visit === undefined ? 1 : 2
      while (rounds > 0 && this.outlet.isOpen) {
        const page = await this.context.turns.run(async () => await this.#read())
        if (page === undefined) break
        for (const { cursor, ...told } of page.missed) {
          const { conversationId, seq } = told.message
          caughtUp.set(conversationId, { from: caughtUp.get(conversationId)?.from ?? seq, to: seq })
          this.#behind = cursor
          if (delivery.sent.has(conversationId, seq)) continue
          delivery.replay(told)
          replayed++
          await this.outlet.flushed()
        }
        this.#behind = page.cursor
        if (!page.more) rounds--
      }
      for (const [conversationId, range] of caughtUp) delivery.extend(conversationId, range)
      const end = this.#behind
      if (withChanges) {
        // If it fails, all since then is missed.
        this.#behind = since
        await this.#tellChanges(since)
      }
      this.#behind = undefined
      delivery.goOnFrom(end)
      this.#coverage.extend(since)
      if (this.#doubted !== undefined) this.#doubted = end
      mayRelease = true
      return { replayed, end }
    } finally {
      if (mayRelease) this.release()
    }
  }

  /** What was read is sent at once, so that nothing newer can have been told before. */
  async #tellChanges (since: Cursor) {
    await this.outlet.flushed()
    const changes = await this.context.turns.run(async () => this.outlet.isOpen ? await this.context.changes.since(this.userId, since) : [])
    for (const event of changes.flatMap(change => changeEvents(this.userId, change))) this.#delivery.deliver(encodeEvent(event))
  }

  /** The next page, unless the client has gone while it waited for its turn. */
  async #read (): Promise<CaughtUp | undefined> {
    if (!this.outlet.isOpen || this.#behind === undefined) return undefined
    return await this.context.catchUp.since(this.userId, this.#behind, pageSize, conversationId => this.#delivery.sent.of(conversationId))
  }

  /** Sends what an event overtook; the event itself waits. */
  async #fillBefore ({ conversationId, seq }: EventPlace) {
    const delivery = this.#delivery
    const after = delivery.sent.newest(conversationId)
    for await (const told of this.context.catchUp.before({ conversationId, seq }, { after, at: delivery.since })) {
      if (!this.outlet.isOpen) return
      delivery.note(conversationId, told.message.seq, Date.parse(told.message.timestamp))
      delivery.replay(told)
      await this.outlet.flushed()
    }
    delivery.extend(conversationId, { from: seq, to: seq - 1 })
    this.release()
  }

  /** Where to catch up from with what was lost since a time: what was sent is known, the newest first. */
  #from (at: number, claimed: boolean): Cursor {
    return { at: claimed && this.#resumed ? at : Math.max(at, this.#begunAt), seen: this.#delivery.sent.all }
  }
}
