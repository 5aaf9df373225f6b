import type { Range } from '../services/catch-up/unsent.js'

/** How many conversations are remembered. */
const maxConversations = 1000

/** What one client was sent of each conversation. */
export class SentRanges {
  // The one that was quiet for longest comes first. Most connections never need it.
  #ranges: Map<string, Range> | undefined
  /** The one that comes last. */
  #latest: string | undefined

  has (conversationId: string, seq: number): boolean {
    const range = this.of(conversationId)
    return range !== undefined && range.from <= seq && seq <= range.to
  }

  /** What was sent of a conversation; undefined where nothing is known. */
  of (conversationId: string): Range | undefined {
    return this.#ranges?.get(conversationId)
  }

  /** The newest message sent, or where the client began; undefined where nothing is known. */
  newest (conversationId: string): number | undefined {
    return this.of(conversationId)?.to
  }

  /** The newest of every conversation, of the one that was active last first. */
  get all (): Record<string, number> {
    return Object.fromEntries([...this.#ranges ?? []].reverse().map(([conversationId, { to }]) => [conversationId, to]))
  }

  /** Begins a conversation after a message, as if nothing had been sent of it. */
  beginAfter (conversationId: string, seq: number): void {
    this.#ranges ??= new Map()
    if (!this.#ranges.has(conversationId)) this.#latest = conversationId
    this.#ranges.set(conversationId, { from: seq + 1, to: seq })
  }

  /**
   * Notes what was sent; it adjoins or overlaps what was sent before. Where the client began there may have been newer messages than was
   * known: what goes on further behind says nothing of those between.
   * @returns whether another conversation was forgotten for it
   */
  extend (conversationId: string, { from, to }: Range): boolean {
    const ranges = this.#ranges ??= new Map()
    const known = ranges.get(conversationId)
    const before = known !== undefined && known.from > known.to && from > known.from ? undefined : known
    // Most of what is said goes on with what was said last.
    if (conversationId !== this.#latest) ranges.delete(conversationId)
    ranges.set(conversationId, { from: Math.min(before?.from ?? from, from), to: Math.max(before?.to ?? to, to) })
    this.#latest = conversationId
    return ranges.size > maxConversations && ranges.delete(ranges.keys().next().value as string)
  }
}
