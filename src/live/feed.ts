import type { CatchUp } from '../services/catch-up/catch-up.js'
import { SeenTracker, settleTime, type Cursor, type Cursors } from '../services/catch-up/cursor.js'
import type { Range } from '../services/catch-up/unsent.js'
import { messageEvent, type Told } from '../services/messaging/message-views.js'
import { droppable, encodeEvent, type EventPlace, type EncodedEvent } from '../wire/encoded-event.js'
import type { Outlet } from '../hub/outlet.js'
import { SentRanges } from './sent-ranges.js'
import { Coverage } from './coverage.js'
import type { Subscriber } from '../hub/subscriber.js'
import type { Tally } from '../hub/tally.js'

const pageSize = 50
/** How many events may wait for a catch-up to end. */
const maxHeld = 1000

export interface FeedContext {
  catchUp: CatchUp
  cursors: Cursors
}

/**
 * What one client gets of a user's events: each message once, in order within its conversation, and nothing skipped between
 * catch-up and live. While it catches up, live events wait; afterwards those that the catch-up brought are left out. Before
 * an event that comes ahead of its turn, those that it overtook are read.
 */
export class Feed implements Subscriber {
  readonly #sent = new SentRanges()
  readonly #coverage = new Coverage()
  #tracker = new SeenTracker({ at: Date.now(), seen: {} })
  /** The time from which on messages were sent, also of conversations without a range. */
  #since = Date.now()
  /** When the client began; what was before is not its business here. */
  #begunAt = Date.now()
  /** Whether it went on from a cursor, so that what was before may be its business after all. */
  #resumed = false
  /** How far a catch-up has come that has not ended: until one does, no cursor claims more. */
  #behind: Cursor | undefined
  /** What was seen for certain when events began to be missing, for as long as they may be: no cursor claims more. */
  #doubted: Cursor | undefined
  /** Durable events that wait, or undefined while events are sent as they come. */
  #held: EncodedEvent[] | undefined = []
  #work: Promise<unknown> = Promise.resolve()
  #recheck: NodeJS.Timeout | undefined

  /** @param entered resolves when what happens from then on is delivered */
  constructor (
    private readonly outlet: Outlet,
    private readonly userId: string,
    private readonly context: FeedContext,
    private readonly tally: Tally,
    private readonly entered?: Promise<unknown>
  ) {}

  /** The cursor of what the client has seen. */
  get cursor (): string {
    return this.context.cursors.issue(this.userId, this.#behind ?? this.#doubted ?? this.#tracker.cursor)
  }

  /** Takes an event as it happens. */
  deliver (event: EncodedEvent): void {
    if (!this.outlet.isOpen) return
    if (event.place === undefined) return this.#send(event)
    if (this.#held === undefined) return this.#take(event, event.place)
    this.#held.push(event)
    if (this.#held.length > maxHeld) this.outlet.close('slow_consumer')
  }

  /**
   * Begins with what happens from now on; until `release` events wait.
   * @returns the cursor to begin with
   */
  async begin (): Promise<string> {
    await this.entered
    const cursor = await this.context.catchUp.now(this.userId)
    this.#startFrom(cursor)
    this.#coverage.extend(cursor)
    this.#begunAt = cursor.at
    for (const [conversationId, seq] of Object.entries(cursor.seen)) this.#sent.beginAfter(conversationId, seq)
    // What happened while the cursor was read is in it, but was not sent.
    for (const { place } of this.#held ?? []) {
      if (place !== undefined && place.seq <= (this.#sent.newest(place.conversationId) ?? 0)) {
        this.#sent.beginAfter(place.conversationId, place.seq - 1)
      }
    }
    return this.cursor
  }

  /** Sends what waited, and from then on events as they come. */
  release (): void {
    // In the order of their times, which is that of their conversations too: cursors claim all that is older.
    const held = (this.#held ?? []).sort(({ place: a }, { place: b }) => a === undefined || b === undefined ? 0 : a.at - b.at || a.seq - b.seq)
    this.#held = undefined
    for (const event of held) this.deliver(event)
  }

  /**
   * Sends what was missed since a cursor, then what happened meanwhile. After a failure events come as before, but with the
   * cursor of how far it came, until another catch-up succeeds. What this connection was sent is not read again.
   * @returns how many messages were sent of the former
   */
  async resume (since: Cursor): Promise<number> {
    this.#resumed = true
    if (this.covers(since)) return 0
    const { replayed, end } = await this.#enqueue(async () => await this.#catchUp(since))
    // Once more when all that was on its way has settled: indexes follow the table with a delay.
    clearTimeout(this.#recheck)
    if (this.outlet.isOpen) this.#recheck = setTimeout(() => this.mend(end), settleTime).unref()
    return replayed
  }

  /** Whether everything since a cursor was sent, as far as is known here, so that resuming from it reads nothing. */
  covers (since: Cursor): boolean {
    return this.#held === undefined && this.#behind === undefined && this.#doubted === undefined && this.#coverage.includes(since)
  }

  /**
   * Catches up by itself, e.g. when events may have been lost on their way; a failure ends the connection.
   * @param since from where, or when the first may have been lost (ms since the epoch); by default from where the client is
   * @param claimed whether a cursor that the client resumed from may claim what was lost
   */
  mend (since?: Cursor | number, claimed = false): void {
    this.#repair(async () => await this.#catchUp(
      this.#behind ?? (typeof since === 'number' ? this.#from(since, claimed) : since ?? this.#tracker.cursor)
    ))
  }

  /** From a time on events may be missing, in ms since the epoch: a client that comes back with a cursor is to get them. */
  doubt (since: number): void {
    const { at, seen } = this.#behind ?? this.#tracker.cursor
    this.#doubted ??= { at: Math.min(at, since), seen }
  }

  /** Events come again: those that were missing are caught up with. */
  dispel (): void {
    const since = this.#doubted
    this.#doubted = undefined
    if (since !== undefined) this.mend(since.at)
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
    this.#held ??= []
    this.#enqueue(task).catch(() => this.outlet.close('unavailable'))
  }

  async #catchUp (since: Cursor): Promise<{ replayed: number, end: Cursor }> {
    // A catch-up that the client didn't ask for, or began with, ends the connection when it fails: what waits is not sent then,
    // for it would come ahead of what is missed.
    let mayRelease = this.#held === undefined
    this.#held ??= []
    this.#behind = since
    try {
      const caughtUp = new Map<string, Range>()
      let replayed = 0
      // One that goes on from the middle of another ends where that began, and what came since then is missed as well.
      let rounds = since.visit === undefined ? 1 : 2
      while (rounds > 0 && this.outlet.isOpen) {
        const page = await this.context.catchUp.since(this.userId, this.#behind, pageSize, conversationId => this.#sent.of(conversationId))
        for (const { cursor, ...told } of page.missed) {
          const { conversationId, seq } = told.message
          caughtUp.set(conversationId, { from: caughtUp.get(conversationId)?.from ?? seq, to: seq })
          this.#behind = cursor
          if (this.#sent.has(conversationId, seq)) continue
          this.#sendMessage(told)
          replayed++
          await this.outlet.flushed()
        }
        this.#behind = page.cursor
        if (!page.more) rounds--
      }
      for (const [conversationId, range] of caughtUp) this.#extend(conversationId, range)
      const end = this.#behind
      this.#startFrom(end)
      this.#coverage.extend(since)
      if (this.#doubted !== undefined) this.#doubted = end
      mayRelease = true
      return { replayed, end }
    } finally {
      if (mayRelease) this.release()
    }
  }

  /** Sends what an event overtook; the event itself waits. */
  async #fillBefore ({ conversationId, seq }: EventPlace) {
    const after = this.#sent.newest(conversationId)
    for await (const told of this.context.catchUp.before({ conversationId, seq }, { after, at: this.#since })) {
      if (!this.outlet.isOpen) return
      this.#note(conversationId, told.message.seq, Date.parse(told.message.timestamp))
      this.#sendMessage(told)
      await this.outlet.flushed()
    }
    this.#extend(conversationId, { from: seq, to: seq - 1 })
    this.release()
  }

  #take (event: EncodedEvent, place: EventPlace) {
    const { conversationId, seq, at } = place
    const newest = this.#sent.newest(conversationId)
    // An old message that is told again, in a conversation that was not active since the client began.
    if (newest === undefined && at < this.#since - settleTime) return
    const next = (newest ?? 0) + 1
    if (seq < next) return
    if (seq > next) {
      this.#held = [event]
      return this.#repair(async () => await this.#fillBefore(place))
    }
    this.#note(conversationId, seq, at)
    this.#send(event, this.cursor)
  }

  #send (event: EncodedEvent, cursor?: string) {
    if (this.outlet.sendEvent(event, cursor)) this.tally.delivered.add(event.type)
    else if (droppable.has(event.type)) this.tally.dropped.add(event.type)
  }

  #sendMessage (told: Told) {
    this.tally.replayed++
    this.#send(encodeEvent(messageEvent(told)), this.cursor)
  }

  #startFrom (cursor: Cursor) {
    this.#tracker = new SeenTracker(cursor)
    this.#since = cursor.at
    this.#behind = undefined
  }

  /** Where to catch up from with what was lost since a time: what was sent is known, the newest first. */
  #from (at: number, claimed: boolean): Cursor {
    return { at: claimed && this.#resumed ? at : Math.max(at, this.#begunAt), seen: this.#sent.all }
  }

  #note (conversationId: string, seq: number, at: number) {
    this.#extend(conversationId, { from: seq, to: seq })
    this.#tracker.note(conversationId, seq, at)
  }

  #extend (conversationId: string, range: Range) {
    if (this.#sent.extend(conversationId, range)) this.#since = this.#tracker.cursor.at
  }
}
