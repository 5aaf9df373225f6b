import type { components } from '../../openapi/client/http.js'
import type { MessageEvent } from './frames.js'
import { SeenMessages, type Hole } from './seen.js'

type Message = components['schemas']['Message']

export interface TimelineSource {
  /** Reads the events of a hole before a message, oldest first. */
  read: (message: Message, hole: Hole, cursor: string) => AsyncIterable<MessageEvent>
  deliver: (event: MessageEvent) => void
}

/** Puts the events of conversations in order: each message once, and before it those that were missed. */
export class Timeline {
  readonly #seen = new SeenMessages()

  constructor (private readonly source: TimelineSource) {}

  /**
   * Takes an event; one after another.
   * @param cursor how much the events before this one account for, for what is delivered before it
   * @param isCurrent whether the event still matters when what was missed before it has been read
   */
  async take (event: MessageEvent, cursor: string, isCurrent: () => boolean): Promise<void> {
    const message = messageOf(event)
    const { conversationId, seq } = message
    if (this.#seen.has(conversationId, seq)) return
    const hole = this.#seen.holeBefore(conversationId, seq)
    if (hole !== undefined) {
      for await (const missed of this.source.read(message, hole, cursor)) {
        if (!isCurrent()) return
        if (!this.#seen.has(conversationId, messageOf(missed).seq)) this.#deliver(missed)
      }
      if (!isCurrent()) return
    }
    this.#deliver(event)
  }

  #deliver (event: MessageEvent) {
    const { conversationId, seq } = messageOf(event)
    this.#seen.add(conversationId, seq)
    this.source.deliver(event)
  }
}

function messageOf (event: MessageEvent): Message {
  return event.type === 'tradeResponse' ? event.data.message : event.data
}
