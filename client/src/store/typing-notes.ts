/** How often it is enough to say so, in ms: the server tells the other user no more often. */
const interval = 2000

/** Says that the user is typing: an app may say so with every key. */
export class TypingNotes {
  readonly #told = new Map<string, number>()

  constructor (private readonly tell: (userId: string) => void, private readonly tellEnd: (userId: string) => void) {}

  start (userId: string): void {
    const now = Date.now()
    if (now - (this.#told.get(userId) ?? -Infinity) < interval) return
    this.#told.set(userId, now)
    this.tell(userId)
  }

  stop (userId: string): void {
    if (this.#told.delete(userId)) this.tellEnd(userId)
  }

  /** What was typed is sent: the other user sees that by itself. */
  sent (userId: string): void {
    this.#told.delete(userId)
  }
}
