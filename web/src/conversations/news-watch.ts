import type { ConversationItem } from 'equilux-chat-client/store'

/** Finds out in whose conversations something new has been said. */
export class NewsWatch {
  readonly #seqs = new Map<string, number>()

  /** @param since from when on something is new, in ms since the epoch: lists also bring what is old */
  constructor (private readonly since: number) {}

  /** @returns the users who have said something since the last look that isn't read, but for the muted and the blocked */
  look (items: readonly ConversationItem[]): string[] {
    return items.filter(({ userId, seq, lastMessage, unreadCount, isMuted, isBlocked }) => {
      const isNew = seq > (this.#seqs.get(userId) ?? 0)
      this.#seqs.set(userId, seq)
      return isNew && !isMuted && !isBlocked && unreadCount > 0 && lastMessage?.senderId === userId && Date.parse(lastMessage.timestamp) > this.since
    }).map(({ userId }) => userId)
  }
}
