import { SeenTracker, settleTime, type Cursor } from '../services/catch-up/cursor.js'
import type { Range } from '../services/catch-up/unsent.js'
import { messageEvent, type Told } from '../services/messaging/message-views.js'
import { droppable, encodeEvent, type EventPlace, type EncodedEvent } from '../wire/encoded-event.js'
import type { Outlet } from '../hub/outlet.js'
import type { Tally } from '../hub/tally.js'
import { SentRanges } from './sent-ranges.js'

/** How many events may wait. */
const maxHeld = 1000

/** The one who catches up, as a delivery sees it. */
interface Recipient {
  readonly outlet: Outlet
  readonly userId: string
  readonly tally: Tally
  /** The cursor that an event bears. */
  readonly cursor: string
  /** An event came ahead of its turn: what it overtook is to be sent. The event waits, and those that come, until `release`. */
  overtaken: (place: EventPlace) => void
}

/** What one client was sent: each message once, in order within its conversation. Events can be made to wait. */
export class Delivery {
  readonly #sent = new SentRanges()
  #tracker = new SeenTracker({ at: Date.now(), seen: {} })
  /** The time from which on messages were sent, also of conversations without a range. */
  #since = Date.now()
  /** Durable events that wait, or undefined while events are sent as they come. */
  #held: EncodedEvent[] | undefined = []

  constructor (private readonly recipient: Recipient) {}

  /** What the client has seen. */
  get seen (): Cursor {
    return this.#tracker.cursor
  }

  /** The time from which on messages were sent, also of conversations of which nothing is known; in ms since the epoch. */
  get since (): number {
    return this.#since
  }

  /** What was sent of each conversation. */
  get sent (): Pick<SentRanges, 'has' | 'of' | 'newest' | 'all'> {
    return this.#sent
  }

  /** Whether events wait. */
  get isHolding (): boolean {
    return this.#held !== undefined
  }

  /** Takes an event as it happens. */
  deliver (event: EncodedEvent): void {
    const { outlet } = this.recipient
    if (!outlet.isOpen) return
    if (event.place === undefined) return this.#send(event)
    if (this.#held === undefined) return this.#take(event, event.place)
    this.#held.push(event)
    if (this.#held.length > maxHeld) outlet.close('slow_consumer')
  }

  /** Lets events wait. */
  hold (): void {
    this.#held ??= []
  }

  /** Sends what waited, and from then on events as they come. */
  release (): void {
    // In the order of their times, which is that of their conversations too: cursors claim all that is older.
    const held = (this.#held ?? []).sort(({ place: a }, { place: b }) => a === undefined || b === undefined ? 0 : a.at - b.at || a.seq - b.seq)
    this.#held = undefined
    for (const event of held) this.deliver(event)
  }

  /** Begins after a cursor, as if nothing had been sent. */
  begin (cursor: Cursor): void {
    this.goOnFrom(cursor)
    // What happened while the cursor was read is in it, but was not sent.
    for (const { place } of this.#held ?? []) {
      if (place !== undefined && place.seq <= (this.#sent.newest(place.conversationId) ?? 0)) {
        this.#sent.beginAfter(place.conversationId, place.seq - 1)
      }
    }
  }

  /** The client has seen all that a cursor claims. */
  goOnFrom (cursor: Cursor): void {
    this.#tracker = new SeenTracker(cursor)
    this.#since = cursor.at
    for (const [conversationId, seq] of Object.entries(cursor.seen)) {
      if (this.#sent.of(conversationId) === undefined) this.#sent.beginAfter(conversationId, seq)
    }
  }

  /** Sends what was read, ahead of all that waits. */
  replay (told: Told): void {
    const { tally, userId, cursor } = this.recipient
    tally.replayed++
    this.#send(encodeEvent(messageEvent(told, userId)), cursor)
  }

  /** Notes that a message was sent and seen. @param at its time, in ms since the epoch */
  note (conversationId: string, seq: number, at: number): void {
    this.extend(conversationId, { from: seq, to: seq })
    this.#tracker.note(conversationId, seq, at)
  }

  /** Notes what was sent of a conversation. */
  extend (conversationId: string, range: Range): void {
    if (this.#sent.extend(conversationId, range)) this.#since = this.#tracker.cursor.at
  }

  #take (event: EncodedEvent, place: EventPlace) {
    const { conversationId, seq, at, previousAt = Infinity } = place
    const newest = this.#sent.newest(conversationId)
    const old = this.#since - settleTime
    // An old message that is told again, in a conversation that was not active since the client began.
    if (newest === undefined && at < old) return
    // What came before the first one since the client began is not its business, or it has seen it.
    const next = (newest ?? (previousAt <= old ? seq - 1 : 0)) + 1
    if (seq < next) return
    if (seq > next) {
      this.#held = [event]
      return this.recipient.overtaken(place)
    }
    this.note(conversationId, seq, at)
    this.#send(event, this.recipient.cursor)
  }

  #send (event: EncodedEvent, cursor?: string) {
    const { outlet, tally } = this.recipient
    if (outlet.sendEvent(event, cursor)) tally.delivered.add(event.type)
    else if (droppable.has(event.type)) tally.dropped.add(event.type)
  }
}
