/** How long somebody counts as typing without another word of it, in ms: the server says when it is over, if it can. */
const patience = 10_000

/** Who is typing to this user. */
export class TypingUsers {
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor (private readonly onChange: (userId: string) => void) {}

  has (userId: string): boolean {
    return this.#timers.has(userId)
  }

  start (userId: string): void {
    clearTimeout(this.#timers.get(userId))
    this.#timers.set(userId, setTimeout(() => this.stop(userId), patience))
    this.onChange(userId)
  }

  stop (userId: string): void {
    clearTimeout(this.#timers.get(userId))
    if (this.#timers.delete(userId)) this.onChange(userId)
  }

  clear (): void {
    for (const userId of this.#timers.keys()) this.stop(userId)
  }
}
