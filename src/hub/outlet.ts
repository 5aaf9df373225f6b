import type { Identity } from '../auth/identity.js'
import type { CloseReason } from '../wire/close-codes.js'
import type { EncodedEvent } from '../wire/encoded-event.js'
import type { EndReason, Transport } from './tally.js'

/** One live connection of a client, whatever carries it. */
export interface Outlet {
  readonly transport: Transport
  /** Who it belongs to; unset until authenticated. */
  identity: Identity | undefined
  readonly isOpen: boolean
  /** How many bytes wait to be sent. */
  readonly waiting: number
  /** Why it ends; the client's doing, unless something else is known. */
  readonly endReason: EndReason
  /**
   * Sends an event. What can't be sent in time is bounded: first events that may be dropped are, then the connection is
   * closed, for the client to reconnect and catch up.
   * @returns whether it was sent
   */
  sendEvent: (event: EncodedEvent, cursor?: string) => boolean
  /** Resolves when little waits to be sent, or nothing can be any more. */
  flushed: () => Promise<void>
  close: (reason: CloseReason) => void
  /** Applies the limits of time. */
  tick: () => void
}
