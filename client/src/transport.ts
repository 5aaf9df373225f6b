import type { ClientFrame, ServerFrame } from './frames.js'

export type TransportName = 'webSocket' | 'eventStream'

/** Why a connection ended, and what to do about it. */
export interface Ending {
  code: string
  detail: string
  /** `token` means: only with another token. */
  retry: 'reconnect' | 'token' | 'never'
  /** How long the server asks to wait, in milliseconds. */
  delay?: number
  cause?: unknown
}

/** What a transport is given to connect. */
export interface Opening {
  baseUrl: string
  token: string
  /** The cursor from which on events were missed. */
  since: string | undefined
  /** Something came, were it only a sign of life. */
  onHeard: () => void
  onFrame: (frame: ServerFrame) => void
}

/** One connection, from its opening to its end. */
export interface Connection {
  readonly name: TransportName
  readonly ended: Promise<Ending>
  /** Absent where frames only come. */
  send?: (frame: ClientFrame) => void
  close: () => void
}

/** What to do about a problem that refused a connection. */
export function retryAfter (code: string, isTransient: boolean): Ending['retry'] {
  if (code.startsWith('token_')) return 'token'
  return isTransient ? 'reconnect' : 'never'
}
