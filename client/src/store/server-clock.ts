/** The server's clock, as far as its answers tell. */
export class ServerClock {
  #offset = 0
  #isExact = false

  /** @param onSet it has been set */
  constructor (private readonly onSet: () => void) {}

  /** In ms since the epoch. */
  now (): number {
    return Date.now() + this.#offset
  }

  /** Learns from an instant that the server has just told, RFC 3339. */
  learn (serverTime: string): void {
    this.adopt(Date.parse(serverTime) - Date.now())
  }

  /** How far it is ahead of this machine's, in ms; undefined while that isn't known well. */
  get offset (): number | undefined {
    return this.#isExact ? this.#offset : undefined
  }

  /** Learns from another tab. */
  adopt (offset: number): void {
    this.#offset = offset
    this.#isExact = true
    this.onSet()
  }

  /** A `fetch` whose answers tell the time where nothing better does: their `Date` counts seconds, and is hidden from other origins. */
  watch (fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (...call) => {
      const response = await fetch(...call)
      const time = Date.parse(response.headers.get('date') ?? '')
      if (!this.#isExact && !Number.isNaN(time)) this.#offset = time + 500 - Date.now()
      return response
    }
  }
}
