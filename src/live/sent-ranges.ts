import type { Range } from '../services/catch-up/unsent.js'

/** How many conversations are remembered. */
const maxConversations = 1000

/** What one client was sent of each conversation. */
export class SentRanges {
  // The one that was quiet for longest comes first.
  readonly #ranges = new Map<string, Range>()

  has (conversationId: string, seq: number): boolean {
    const range = this.#ranges.get(conversationId)
    return range !== undefined && range.from <= seq && seq <= range.to
  }

  /** What was sent of a conversation; undefined where nothing is known. */
  of (conversationId: string): Range | undefined {
    return this.#ranges.get(conversationId)
  }

  /** The newest message sent, or where the client began; undefined where nothing is known. */
  newest (conversationId: string): number | undefined {
    return this.#ranges.get(conversationId)?.to
  }

  /** The newest of every conversation, of the one that was active last first. */
  get all (): Record<string, number> {
    return Object.fromEntries([...this.#ranges].reverse().map(([conversationId, { to }]) => [conversationId, to]))
  }

  /** Begins a conversation after a message, as if nothing had been sent of it. */
  beginAfter (conversationId: string, seq: number): void {
    this.#ranges.set(conversationId, { from: seq + 1, to: seq })
  }

  /**
   * Notes what was sent; it adjoins or overlaps what was sent before.
   * @returns whether another conversation was forgotten for it
   */
  extend (conversationId: string, { from, to }: Range): boolean {
    const before = this.#ranges.get(conversationId)
    this.#ranges.delete(conversationId)
    this.#ranges.set(conversationId, { from: Math.min(before?.from ?? from, from), to: Math.max(before?.to ?? to, to) })
    return this.#ranges.size > maxConversations && this.#ranges.delete(this.#ranges.keys().next().value as string)
  }
}
