export interface BackoffOptions {
  /** The longest first pause, in milliseconds. */
  base: number
  /** The longest pause of all, in milliseconds. */
  cap: number
}

/** Pauses between attempts: with full jitter, so that clients that were cut together don't come back together. */
export class Backoff {
  #attempt = 0

  constructor (private readonly options: BackoffOptions) {}

  /** How long to wait before the next attempt, in milliseconds. */
  next (): number {
    const { base, cap } = this.options
    return Math.random() * Math.min(cap, base * 2 ** this.#attempt++)
  }

  reset (): void {
    this.#attempt = 0
  }
}
