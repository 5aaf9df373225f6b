/** How often it is enough to say so, in ms: the server tells the other user no more often. */
const interval = 2000

/** Says that the user is typing: an app may say so with every key. */
export class TypingNotes {
  readonly #told = new Map<string, number>()

  constructor (private readonly tell: (type: 'typing' | 'stopTyping', userId: string) => void) {}

  start (userId: string): void {
    const now = Date.now()
    if (now - (this.#told.get(userId) ?? 0) < interval) return
    this.#told.set(userId, now)
    this.tell('typing', userId)
  }

  stop (userId: string): void {
    if (this.#told.delete(userId)) this.tell('stopTyping', userId)
  }

  /** What was typed is sent: the other user sees that by itself. */
  sent (userId: string): void {
    this.#told.delete(userId)
  }
}
