import { Emitter } from '../emitter.js'

/** Tells listeners that there is something new: once for all that comes in one go, and only if it is. */
export class Notifier<Value> extends Emitter<{ news: undefined }> {
  #timer: ReturnType<typeof setTimeout> | undefined
  #told: Value | undefined

  /** @param read what there is now: something else if it is new */
  constructor (private readonly read: () => Value) {
    super()
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
    this.emit('news', undefined)
  }
}
