/** Tells listeners that there is something new: once for all that comes in one go, and only if it is. */
export class Notifier<Value> {
  readonly #listeners = new Set<() => void>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #told: Value | undefined

  /** @param read what there is now: something else if it is new */
  constructor (private readonly read: () => Value) {}

  /** @returns what ends the subscription */
  subscribe (listener: () => void): () => void {
    // The same function may be given twice.
    const own = () => listener()
    this.#listeners.add(own)
    return () => { this.#listeners.delete(own) }
  }

  /** Tells soon. @param ms how long more is collected until then, in milliseconds */
  soon (ms: number): void {
    this.#timer ??= setTimeout(() => this.now(), ms)
  }

  /** Tells at once. */
  now (): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const value = this.read()
    if (value === this.#told) return
    this.#told = value
    for (const listener of this.#listeners) {
      try {
        listener()
      } catch (error) {
        // As everywhere in browsers and Node: it is reported as uncaught, and the other listeners are called.
        queueMicrotask(() => { throw error })
      }
    }
  }
}
