/** Spaces what costs much: some at once, then one in an interval (the generic cell rate algorithm). */
export class Pace {
  /** When the allowance is whole again, by a clock that is never set. */
  #wholeAt = 0

  /** @param interval in milliseconds */
  constructor (private readonly burst: number, private readonly interval: number) {}

  /** How long to wait for the next turn, in milliseconds. */
  get delay (): number {
    return Math.max(0, this.#wholeAt - (this.burst - 1) * this.interval - performance.now())
  }

  /** Takes a turn. */
  take (): void {
    this.#wholeAt = Math.max(this.#wholeAt, performance.now()) + this.interval
  }
}
