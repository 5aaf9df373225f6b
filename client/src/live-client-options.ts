import type { BackoffOptions } from './backoff.js'
import type { LiveError } from './errors.js'
import type { LiveEvent } from './frames.js'
import type { TokenSource } from './token.js'
import type { TransportName } from './transport.js'
import type { WebSocketConstructor } from './websocket-transport.js'

export interface LiveClientOptions {
  /** Where the server is, e.g. `https://chat.example`. */
  baseUrl: string
  /** With a function the token is renewed before it expires. */
  token: TokenSource
  /** The cursor of an earlier client of the same user: what was missed since then comes first. */
  since?: string | undefined
  /** By default the environment's own, where it has one: give that of `ws` to Node 20. */
  WebSocket?: WebSocketConstructor
  /** `eventStream` never tries a WebSocket: for hosts that pass none. */
  transport?: 'auto' | 'eventStream'
  /** How long to wait before reconnecting; with full jitter, and from the beginning after a connection that lasted. */
  backoff?: BackoffOptions
  /** How long connecting may take, in milliseconds. */
  connectTimeout?: number
  /** How long after a heartbeat is due a connection is given up, in milliseconds. */
  heartbeatGrace?: number
}

/** How it is going: `connecting` until what was missed has come, `waiting` to reconnect, `closed` for good. */
export interface LiveState {
  status: 'connecting' | 'live' | 'waiting' | 'closed'
  transport?: TransportName
  /**
   * True on becoming `live` where the server didn't accept the cursor any more: events come from now on, and messages
   * between them and those told before may be missing. Drop what you keep and read the history.
   */
  refreshed?: boolean
  /** What ended the last connection, while `waiting` or `closed`. */
  error?: LiveError
}

/** What can be listened to, and what listeners are given. */
export type LiveEventMap = { [Event in LiveEvent as Event['type']]: Event['data'] } & {
  /** Every event, with its type. */
  event: LiveEvent
  state: LiveState
  /** What went wrong without ending anything. */
  error: LiveError
}
