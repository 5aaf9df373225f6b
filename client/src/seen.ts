/** How many messages may be known beyond a hole before the hole is given up. */
const maxBeyond = 1000
const maxConversations = 10_000

/** What was seen of a conversation: everything up to `to`, and some beyond a hole. */
interface Seen {
  to: number
  beyond: Set<number>
  last: number
}

/** Positions in a conversation, exclusive. */
export interface Hole {
  afterSeq: number
  beforeSeq: number
}

/**
 * Which messages were seen. A conversation counts from the first message seen of it; its memory is a number as long as
 * nothing is missing.
 */
export class SeenMessages {
  readonly #conversations = new Map<string, Seen>()

  has (conversationId: string, seq: number): boolean {
    const seen = this.#conversations.get(conversationId)
    return seen !== undefined && (seq <= seen.to || seen.beyond.has(seq))
  }

  /** What is missing between the last message seen and one that comes now. */
  holeBefore (conversationId: string, seq: number): Hole | undefined {
    const seen = this.#conversations.get(conversationId)
    return seen === undefined || seq <= seen.last + 1 ? undefined : { afterSeq: seen.last, beforeSeq: seq }
  }

  add (conversationId: string, seq: number): void {
    const seen = this.#conversations.get(conversationId) ?? { to: seq - 1, beyond: new Set(), last: seq }
    // The conversation that was quiet for longest is forgotten first.
    this.#conversations.delete(conversationId)
    this.#conversations.set(conversationId, seen)
    if (this.#conversations.size > maxConversations) this.#conversations.delete(this.#conversations.keys().next().value as string)
    seen.beyond.add(seq)
    seen.last = Math.max(seen.last, seq)
    if (seen.beyond.size > maxBeyond) seen.to = Math.min(...seen.beyond) - 1
    while (seen.beyond.delete(seen.to + 1)) seen.to++
  }
}
