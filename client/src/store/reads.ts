import type { ChatError } from '../index.js'
import type { Retry } from './retry.js'

export interface ReadsOptions {
  retry: Retry
  /** Tells the server. */
  send: (userId: string, seq: number) => Promise<ChatError | undefined>
  /** The server has been told, or won't hear of it. */
  onDone: (userId: string, error?: ChatError) => void
}

/** Tells the server up to where the user has read: one at a time in a conversation, and of those that wait only the last. */
export class Reads {
  readonly #wanted = new Map<string, number>()
  readonly #running = new Set<string>()

  constructor (private readonly options: ReadsOptions) {}

  /** Whether the server is still to be told something. */
  isPending (userId: string): boolean {
    return this.#wanted.has(userId)
  }

  mark (userId: string, seq: number): void {
    this.#wanted.set(userId, Math.max(seq, this.#wanted.get(userId) ?? 0))
    if (!this.#running.has(userId)) this.#run(userId)
  }

  clear (): void {
    this.#wanted.clear()
  }

  async #run (userId: string) {
    const { retry, send, onDone } = this.options
    this.#running.add(userId)
    for (let seq = this.#wanted.get(userId); seq !== undefined && !retry.isOver; seq = this.#wanted.get(userId)) {
      let told = seq
      const outcome = await retry.repeat(async () => {
        told = this.#wanted.get(userId) ?? told
        return { error: await send(userId, told) }
      }, () => this.#wanted.has(userId))
      if (outcome === undefined || this.#wanted.get(userId) !== told) continue
      this.#wanted.delete(userId)
      onDone(userId, outcome.error)
    }
    this.#running.delete(userId)
  }
}
