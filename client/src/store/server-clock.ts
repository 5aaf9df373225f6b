/** The server's clock, as far as it has told: until then this machine's. */
export class ServerClock {
  /** How far it is ahead of this machine's, in ms; undefined while that isn't known. */
  offset: number | undefined

  /** @param onSet it has been set */
  constructor (private readonly onSet: () => void) {}

  /** In ms since the epoch. */
  now (): number {
    return Date.now() + (this.offset ?? 0)
  }

  /** Learns from an instant that the server has just told, RFC 3339. */
  learn (serverTime: string): void {
    this.adopt(Date.parse(serverTime) - Date.now())
  }

  /** Learns from another tab. */
  adopt (offset: number): void {
    this.offset = offset
    this.onSet()
  }
}
