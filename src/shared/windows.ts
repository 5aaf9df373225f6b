import { BoundedMap } from './bounded-map.js'

/** What was counted of one id. */
export interface Window {
  count: number
  /** By `performance.now()`. */
  endsAt: number
}

/** Counts by id, each in windows of time of which one begins with what is counted first after the one before. */
export class Windows {
  readonly #windows: BoundedMap<string, Window>

  /**
   * @param length of a window, in ms
   * @param maxIds of how many ids it counts; beyond them those are forgotten whose windows began the longest ago
   */
  constructor (private readonly length: number, maxIds: number) {
    this.#windows = new BoundedMap(maxIds)
  }

  /** Counts one more. @returns the window as it is with it; it is changed by the next */
  add (id: string): Readonly<Window> {
    const now = performance.now()
    const known = this.#windows.get(id)
    if (known !== undefined && now < known.endsAt) {
      known.count++
      return known
    }
    const window = { count: 1, endsAt: now + this.length }
    this.#windows.set(id, window)
    return window
  }

  /** The window that has not ended; undefined where nothing is counted. */
  get (id: string): Readonly<Window> | undefined {
    const known = this.#windows.get(id)
    return known !== undefined && performance.now() < known.endsAt ? known : undefined
  }
}
