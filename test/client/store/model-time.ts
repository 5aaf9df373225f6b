interface Timer {
  at: number
  run: () => void
}

/** Time that passes only when it is told to, and chance that comes out the same each time, for all that asks for them between `start` and `stop`. */
export class ModelTime {
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, Date: globalThis.Date }
  readonly #realRandom = Math.random
  readonly #timers = new Set<Timer>()
  #now = 1_800_000_000_000

  /** @param seed what chance comes of, a whole number of 32 bits */
  start (seed: number): void {
    Math.random = chance(seed)
    const now = () => this.#now
    const RealDate = this.#real.Date
    class ModelDate extends RealDate {
      constructor (value: number | string = now()) {
        super(value)
      }

      static override now = now
    }
    Object.assign(globalThis, {
      Date: ModelDate,
      setTimeout: (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
        // What else is in this process, such as a server's connections, asks for it too, and says that it needn't be waited for.
        const timer = { at: this.#now + ms, run: () => run(...args), ref: () => timer, unref: () => timer, refresh: () => timer }
        this.#timers.add(timer)
        return timer
      },
      clearTimeout: (timer: Timer) => { this.#timers.delete(timer) }
    })
  }

  /** Lets time pass, in ms. */
  pass (ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }

  stop (): void {
    Math.random = this.#realRandom
    Object.assign(globalThis, this.#real)
  }

  /** The timer that is due first until then. */
  #next (end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer
    return first
  }
}

/** Numbers like those of `Math.random` that come of a seed (Mulberry32). */
function chance (seed: number): () => number {
  let state = seed
  return () => {
    state = state + 0x6d2b79f5 | 0
    let mixed = Math.imul(state ^ state >>> 15, 1 | state)
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32
  }
}
