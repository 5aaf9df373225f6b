import { setTimeout as sleep } from 'node:timers/promises'

/** How many things may wait to be done: what comes on top is left out. */
const most = 20

/** What somebody does, one thing after the other and each after a while: so nobody does more than a person could. */
export class Agenda {
  readonly #waiting = new Map<string, () => Promise<void>>()
  readonly #abort = new AbortController()
  #isBusy = false

  /** @param pause how long to wait before each thing, in ms */
  constructor (private readonly pause: () => number, private readonly onError: (error: unknown) => void) {}

  /** Notes something to do. @param key what is noted already under it isn't noted again */
  add (key: string, act: () => Promise<void>): void {
    if (this.#abort.signal.aborted || this.#waiting.has(key) || this.#waiting.size >= most) return
    this.#waiting.set(key, act)
    if (!this.#isBusy) this.#work().catch(this.onError)
  }

  /** Nothing is begun any more. */
  close (): void {
    this.#waiting.clear()
    this.#abort.abort()
  }

  async #work (): Promise<void> {
    this.#isBusy = true
    try {
      for (const [key, act] of this.#waiting) {
        await sleep(this.pause(), undefined, { signal: this.#abort.signal })
        // What comes from now on is new.
        this.#waiting.delete(key)
        await act().catch(this.onError)
      }
    } catch (error) {
      if (!this.#abort.signal.aborted) throw error
    } finally {
      this.#isBusy = false
    }
  }
}
