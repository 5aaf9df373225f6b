import type { components } from '../../openapi/client/http.js'
import type { MessageEvent } from './frames.js'
import { SeenMessages, type Hole } from './seen.js'

type Message = components['schemas']['Message']

/** Reads the events of a hole before a message, oldest first. */
export type ReadHole = (message: Message, hole: Hole, cursor: string) => AsyncIterable<MessageEvent>

/** Puts the events of conversations in order: each message once, and before it those that were missed. */
export class Timeline {
  readonly #seen = new SeenMessages()

  constructor (private readonly read: ReadHole) {}

  /**
   * Takes an event; one after another.
   * @param cursor how much the events before this one account for, for what is delivered before it
   * @param isCurrent whether the event still matters when what was missed before it has been read
   * @param deliver is given what was missed, and the event
   */
  async take (event: MessageEvent, cursor: string, isCurrent: () => boolean, deliver: (event: MessageEvent) => void): Promise<void> {
    const tell = (event: MessageEvent) => {
      const { conversationId, seq } = messageOf(event)
      if (this.#seen.has(conversationId, seq)) return
      this.#seen.add(conversationId, seq)
      deliver(event)
    }
    const message = messageOf(event)
    const hole = this.#seen.holeBefore(message.conversationId, message.seq)
    if (hole !== undefined) {
      for await (const missed of this.read(message, hole, cursor)) {
        if (!isCurrent()) return
        tell(missed)
      }
      if (!isCurrent()) return
    }
    tell(event)
  }
}

function messageOf (event: MessageEvent): Message {
  return event.type === 'tradeResponse' ? event.data.message : event.data
}
