import type { ConversationItem } from '../../database/entities/conversation.js'
import { BoundedMap } from '../../shared/bounded-map.js'

/** How many are remembered: some 50 MB. */
const maxHeads = 50_000

/**
 * The heads of conversations as this process last saw them, so that who writes needn't read. One may be stale, because other
 * instances write too: what it says is true as of its `seq`, and what is written on condition of that is refused then.
 */
export class Heads {
  readonly #heads: BoundedMap<string, ConversationItem>

  constructor (size = maxHeads) {
    this.#heads = new BoundedMap(size)
  }

  recall (conversationId: string): ConversationItem | undefined {
    const head = this.#heads.get(conversationId)
    // What is used stays.
    if (head !== undefined) this.#heads.set(conversationId, head)
    return head
  }

  /** Remembers a head as it is in the table at this moment, whatever was known. */
  keep (head: ConversationItem): void {
    this.#heads.set(head.conversationId, head)
  }

  /** Remembers a head as it was a moment ago, unless a newer one is known. */
  learn (head: ConversationItem): void {
    if ((this.#heads.get(head.conversationId)?.seq ?? 0) <= head.seq) this.keep(head)
  }

  forget (conversationId: string): void {
    this.#heads.delete(conversationId)
  }

  /** Somebody else wrote the message `seq`: an older head is forgotten. */
  outrun (conversationId: string, seq: number): void {
    const head = this.#heads.get(conversationId)
    if (head !== undefined && head.seq < seq) this.forget(conversationId)
  }
}
