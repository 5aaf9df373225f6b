import type { ChatError } from './errors.js'
import type { TransportName } from './transport.js'

/** After how many failures in a row the stream is tried. */
const attempts = 3
/** After how long the WebSocket is tried again, in milliseconds. */
const retryAfter = 10 * 60_000

/** Which way to connect: by WebSocket, and where that doesn't get through, by a stream. */
export class TransportChoice {
  #failures = 0
  #streamingSince: number | undefined

  constructor (private readonly hasWebSocket: boolean) {}

  next (): TransportName {
    if (!this.hasWebSocket) return 'eventStream'
    if (this.#streamingSince !== undefined && Date.now() - this.#streamingSince >= retryAfter) {
      this.#streamingSince = undefined
      this.#failures = attempts - 1
    }
    return this.#failures < attempts ? 'webSocket' : 'eventStream'
  }

  /** Notes how an attempt went. */
  note (transport: TransportName, wasConnected: boolean, { retryable }: ChatError): void {
    if (transport === 'webSocket') {
      // Whoever is told what is wrong got through.
      this.#failures = wasConnected || !retryable ? 0 : this.#failures + 1
    } else if (wasConnected) {
      this.#streamingSince ??= Date.now()
    } else {
      // If neither gets through, it isn't the WebSocket's fault.
      this.#failures = 0
    }
  }
}
