import type { Message } from '../index.js'
import { EntryKeys } from './entry-keys.js'

/**
 * The messages of a conversation as far as they are known: a stretch without a hole, which is shown, and others that wait
 * for what lies between. Pages, live events and echoes may come in any order and any number of times.
 */
export class MessageLog {
  /** All that are known, by position. */
  readonly messages = new Map<number, Message>()
  /** Whether there is a stretch, were it an empty one at the beginning of the conversation. */
  isBegun = false
  /** Position of the first message of the stretch. */
  first = 1
  /** Position of the last message of the stretch; 0 while there is none. */
  last = 0

  /** @param keys those of the messages, which may have been in a log before */
  constructor (readonly keys = new EntryKeys()) {}

  /** Takes messages; the stretch grows by those that follow on it. */
  add (messages: readonly Message[]): void {
    for (const message of messages) {
      if (this.messages.has(message.seq) && !message.erased) continue
      this.messages.set(message.seq, message)
      this.keys.of(message)
    }
    this.#grow()
  }

  /** Takes the newest page of the conversation, in any order: if it doesn't touch the stretch, it becomes the stretch. */
  addNewest (messages: readonly Message[]): void {
    this.add(messages)
    const seqs = messages.map(({ seq }) => seq)
    const [from, to] = messages.length === 0 ? [1, 0] : [Math.min(...seqs), Math.max(...seqs)]
    if (this.isBegun && from <= this.last && to >= this.first) return
    this.isBegun = true
    this.first = from
    this.last = to
    this.#grow()
  }

  /** The stretch, or its part from a position on. */
  * stretch (from = this.first): Generator<Message> {
    for (let seq = Math.max(from, this.first); seq <= this.last; seq++) yield this.messages.get(seq) as Message
  }

  /** How many messages of a sender lie after one position up to another; undefined if not all of them are known. */
  count (senderId: string, afterSeq: number, toSeq: number): number | undefined {
    let count = 0
    for (let seq = afterSeq + 1; seq <= toSeq; seq++) {
      const message = this.messages.get(seq)
      if (message === undefined) return undefined
      if (message.senderId === senderId) count++
    }
    return count
  }

  #grow () {
    if (!this.isBegun) return
    while (this.messages.has(this.first - 1)) this.first--
    while (this.messages.has(this.last + 1)) this.last++
  }
}
