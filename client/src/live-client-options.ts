import type { BackoffOptions } from './backoff.js'
import type { ChatError } from './errors.js'
import type { LiveEvent } from './frames.js'
import type { ServerOptions } from './options.js'
import type { TransportName } from './transport.js'
import type { WebSocketConstructor } from './websocket-transport.js'

export interface LiveClientOptions extends ServerOptions {
  /** The cursor of an earlier client of the same user: what was missed since then comes first. */
  since?: string | undefined
  /** By default the environment's own, where it has one: give that of `ws` to Node 20. */
  WebSocket?: WebSocketConstructor | undefined
  /** `eventStream` never tries a WebSocket: for hosts that pass none. */
  transport?: 'auto' | 'eventStream' | undefined
  /** How long to wait before reconnecting; with full jitter, and from the beginning after a connection that lasted. */
  backoff?: BackoffOptions | undefined
  /** How long connecting may take, in milliseconds; 10,000 by default. */
  connectTimeout?: number | undefined
  /** How long a sign of life that is due may take before a connection is given up, in milliseconds; 8,000 by default. */
  heartbeatGrace?: number | undefined
  /** Is told what went wrong without ending anything, as listeners of `error` are. */
  onError?: ((error: ChatError) => void) | undefined
}

/**
 * How it is going: `connecting` until what was missed has come, `offline` while the browser knows no network, `waiting` to reconnect,
 * `closed` when only the app knows what to do.
 */
export interface LiveState {
  status: 'connecting' | 'live' | 'offline' | 'waiting' | 'closed'
  /** While `connecting` or `live`. */
  transport?: TransportName
  /** While `waiting`: when it connects again, in ms since the epoch. */
  retryAt?: number
  /**
   * On becoming `live` where the server didn't accept the cursor any more: events come from now on, and messages
   * between them and those told before may be missing. Drop what you keep and read the history.
   */
  refreshed?: true
  /** What ended the last connection, while `offline`, `waiting` or `closed`. */
  error?: ChatError
}

/** What can be listened to, and what listeners are given. */
export type LiveEventMap = { [Event in LiveEvent as Event['type']]: Event['data'] } & {
  /** Every event, with its type. */
  event: LiveEvent
  state: LiveState
  /** What went wrong without ending anything. */
  error: ChatError
}
