import type { ChatError } from './errors.js'
import type { ClientFrame, ReadFrame } from './frames.js'

export type TransportName = 'webSocket' | 'eventStream'

/** What a transport is given to connect. */
export interface Opening {
  baseUrl: string
  token: string
  fetch: typeof globalThis.fetch
  /** The cursor from which on events were missed. */
  since: string | undefined
  /** Whether the user's oldest connection is to give way if there are too many. */
  takeOver: boolean
  /** The language in which problems are worded. */
  locale?: string | undefined
  /** Something came, were it only a sign of life. */
  onHeard: () => void
  onFrame: (read: ReadFrame) => void
}

/** One connection, from its opening to its end. */
export interface Connection {
  readonly name: TransportName
  /** Resolves to why it ended; it never rejects. */
  readonly ended: Promise<ChatError>
  /** Absent where frames only come. */
  send?: (frame: ClientFrame) => void
  close: () => void
}
