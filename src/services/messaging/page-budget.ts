import type { MessageItem } from '../../database/entities/message.js'

/** How many bytes of JSON a page of messages may hold, about; a single message is never too much. */
const pageBytes = 256 * 1024

/** What a message weighs besides its text and its files: its other properties, and for a move also the offer beside it. */
const textBytes = 400
const moveBytes = 2000

/** How many messages are read before it is known what they weigh. */
const firstStep = 25

/** Counts what the messages of a page weigh, so that a page of long ones holds fewer. */
export class PageBudget {
  #left = pageBytes
  #taken = 0
  #isSpent = false

  /** Whether something has been left out: nothing more is to be added. */
  get isSpent (): boolean {
    return this.#isSpent
  }

  /** How many messages to read next, as heavy as those before: what is read and left out is paid for. */
  get room (): number {
    return this.#taken === 0 ? firstStep : Math.max(1, Math.ceil(this.#left / ((pageBytes - this.#left) / this.#taken)))
  }

  /** The first of some messages, as many as there is room for; the first of all in any case. */
  take (items: MessageItem[]): MessageItem[] {
    const end = items.findIndex(item => {
      const weight = weigh(item)
      if (this.#taken > 0 && weight > this.#left) return true
      this.#left -= weight
      this.#taken++
      return false
    })
    if (end < 0) return items
    this.#isSpent = true
    return items.slice(0, end)
  }
}

function weigh ({ text, attachments, offerId }: MessageItem): number {
  let weight = offerId === undefined ? textBytes : moveBytes
  for (const part of [text, attachments]) if (part !== undefined) weight += Buffer.byteLength(JSON.stringify(part))
  return weight
}
