import { entriesOf } from './entries.js'
import { record, share } from './share.js'
import type { State } from './state.js'
import type { ChatSnapshot, ConversationItem, ConversationList, Thread } from './types.js'

/** Makes snapshots of a state: only of what was touched, and equal parts stay the objects that they were. */
export class View {
  /** There is none before the first is asked for. */
  #snapshot = { threads: record([]), offers: record([]) } as ChatSnapshot
  readonly #threads = new Set<string>()
  #areOffersTouched = true
  #isTouched = true
  /** When an offer expires that the last snapshot shows open, in ms since the epoch by the server's clock. */
  expiry = Infinity

  /** @param onTouch a snapshot would be another one now */
  constructor (private readonly state: State, private readonly onTouch: () => void) {}

  /** Something has changed that is neither a thread's nor an offer's. */
  touch (): void {
    this.#isTouched = true
    this.onTouch()
  }

  touchThread (userId: string): void {
    this.#threads.add(userId)
    this.touch()
  }

  touchOffers (): void {
    this.#areOffersTouched = true
    this.touch()
  }

  /** What there is to show now. */
  get (): ChatSnapshot {
    if (this.state.now() >= this.expiry) this.#areOffersTouched = this.#isTouched = true
    if (this.#areOffersTouched) this.expiry = this.state.offers.nextExpiry(this.state.now())
    if (this.#isTouched) this.#snapshot = share(this.#snapshot, this.#make())
    this.#threads.clear()
    this.#areOffersTouched = this.#isTouched = false
    return this.#snapshot
  }

  #make (): ChatSnapshot {
    const { me, offers, connection, feed, now } = this.state
    const before = this.#snapshot
    const isLeader = feed?.isLeader
    return {
      ...me !== undefined && { me },
      connection: { ...connection, ...isLeader !== undefined && { isLeader } },
      conversations: this.#list(),
      threads: this.#threads.size === 0 ? before.threads : this.#allThreads(before.threads),
      offers: this.#areOffersTouched
        ? record(Array.from(offers.all(now()), offer => [offer.messageId, offer] as const))
        : before.offers
    }
  }

  #list (): ConversationList {
    const { me, heads, offers, typing, lists: { status, hasMore, error }, now } = this.state
    const moves = new Map<string, number>()
    let yourMove = 0
    for (const { awaiting, senderId, receiverId } of offers.all(now())) {
      if (awaiting === null || awaiting !== me) continue
      const other = senderId === me ? receiverId : senderId
      moves.set(other, (moves.get(other) ?? 0) + 1)
      yourMove++
    }
    const all = heads.all().map(({ userId, user, lastMessage, seq, updatedAt, otherLastReadSeq, unread, contact = 'requested' }) => {
      const { blocked, muted, mutedUntil } = heads.marks(userId)
      const isMuted = muted && (mutedUntil === null || now() < Date.parse(mutedUntil))
      return {
        userId,
        user,
        ...lastMessage && { lastMessage },
        seq,
        unreadCount: unread.count,
        lastReadSeq: unread.readSeq,
        otherLastReadSeq,
        updatedAt,
        isTyping: typing.has(userId),
        isMuted,
        ...isMuted && mutedUntil !== null && { mutedUntil },
        isBlocked: blocked,
        contact,
        yourMove: moves.get(userId) ?? 0
      }
    })
    const isRequest = ({ contact, isBlocked }: ConversationItem) => contact === 'requested' && !isBlocked
    const unread = all.reduce((sum, { isMuted, isBlocked, unreadCount }) => isMuted || isBlocked ? sum : sum + unreadCount, 0)
    return { items: all.filter(item => !isRequest(item)), requests: all.filter(isRequest), status, hasMore, unread, yourMove, ...error && { error } }
  }

  #allThreads (before: ChatSnapshot['threads']): ChatSnapshot['threads'] {
    const { threads, outbox } = this.state
    const users = new Set([...threads.users(), ...outbox.users()])
    return record([...users].map(userId => {
      const thread = before[userId]
      return [userId, thread === undefined || this.#threads.has(userId) ? this.#thread(userId) : thread] as const
    }))
  }

  #thread (userId: string): Thread {
    const { threads, heads, typing } = this.state
    const thread = threads.get(userId)
    const { log, isFresh = false, error } = thread ?? {}
    const head = heads.get(userId)
    const { why, after = 0 } = thread?.refusal ?? {}
    const refusal = heads.marks(userId).blocked ? 'blocked' : (head?.seq ?? 0) > after ? undefined : why
    return {
      userId,
      entries: entriesOf(this.state, userId),
      status: isFresh ? 'ready' : error === undefined ? 'loading' : 'failed',
      hasOlder: log !== undefined && log.first > 1,
      hasNewer: log !== undefined && log.isBegun && log.last < (head?.seq ?? 0),
      isTyping: typing.has(userId),
      ...refusal && { refusal },
      ...error && { error }
    }
  }
}
