import type { Message } from '../index.js'

/**
 * The keys of a thread's messages: the sender's own where it has one, else the message's id. Another program of the user may
 * number its messages anew each time it starts: of two with the same key the one met later has its id.
 */
export class EntryKeys {
  readonly #owners = new Map<string, string>()

  /** The key of a message: always the same once it was asked for. */
  of ({ messageId, clientId }: Message): string {
    if (clientId === undefined) return messageId
    const owner = this.#owners.get(clientId) ?? messageId
    this.#owners.set(clientId, owner)
    return owner === messageId ? clientId : messageId
  }
}
