import { setTimeout as sleep } from 'node:timers/promises'

/** The time, and how to let it pass, in ms. */
export interface Timekeeper {
  now: () => number
  sleep: (ms: number) => Promise<unknown>
}

const real: Timekeeper = { now: () => performance.now(), sleep }

/** Holds work to so many units a second, by a pause after each part of it. */
export class Throttle {
  #readyAt: number

  /** @param unitsPerSecond Infinity for as fast as it goes */
  constructor (private readonly unitsPerSecond: number, private readonly time: Timekeeper = real) {
    this.#readyAt = time.now()
  }

  /** Notes what was spent, and waits until that was its time. */
  async spend (units: number): Promise<void> {
    const now = this.time.now()
    this.#readyAt = Math.max(this.#readyAt, now) + units * 1000 / this.unitsPerSecond
    if (this.#readyAt > now) await this.time.sleep(this.#readyAt - now)
  }
}
