import type { MessageItem } from '../../database/entities/message.js'

/** How many bytes of JSON a page of messages may hold, about; a single message is never too much. */
const pageBytes = 256 * 1024

/** What a message weighs besides its text: its other properties, and for a move also the offer beside it. */
const textBytes = 400
const moveBytes = 2000

/** Counts what the messages of a page weigh, so that a page of long ones holds fewer. */
export class PageBudget {
  #left = pageBytes
  #isSpent = false

  /** Whether something has been left out: nothing more is to be added. */
  get isSpent (): boolean {
    return this.#isSpent
  }

  /** The first of some messages, as many as there is room for; the first of all in any case. */
  take (items: MessageItem[]): MessageItem[] {
    const end = items.findIndex(item => {
      const fits = this.#left === pageBytes || weigh(item) <= this.#left
      this.#left -= weigh(item)
      return !fits
    })
    if (end < 0) return items
    this.#isSpent = true
    return items.slice(0, end)
  }
}

function weigh ({ text, offerId }: MessageItem): number {
  return (offerId === undefined ? textBytes : moveBytes) + (text === undefined ? 0 : Buffer.byteLength(JSON.stringify(text)))
}
