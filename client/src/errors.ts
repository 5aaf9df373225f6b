import type { components } from '../../openapi/client/http.js'

type Schemas = components['schemas']

/** The kind of a problem that the server reports. */
export type ProblemCode = Schemas['Problem']['code']

/** What is wrong with a part of a request. */
export type Violation = NonNullable<Schemas['Problem']['errors']>[number]

/** What the client itself can say, in words. */
const titles = {
  aborted: 'The call was called off',
  closed: 'The client was closed',
  connection_ended: 'The connection has ended',
  gap: 'What was missed could not be read',
  invalid_request: 'No request can be made of what was given',
  network_unreachable: 'The server could not be reached',
  offline: 'There is no network',
  silence: 'Nothing was heard from the server for too long',
  stream_ended: 'The stream has ended, as it does after a while',
  timed_out: 'The server took too long to answer',
  token_unavailable: 'No token could be got',
  unexpected_answer: 'The answer is none of this API',
  unexpected_frame: 'The frame is none of this API'
}

/** Why the server closed a WebSocket. */
export type CloseReason = 'server_shutdown' | 'heartbeat_timeout' | 'slow_consumer' | 'unavailable' | 'taken_over' | 'token_refused' |
  'authentication_timeout' | 'protocol_violation' | 'flooding' | `closed_${number}`

/** The kind of what no problem of the server's says: of the client's own, or why a connection was closed. */
export type OwnCode = keyof typeof titles | CloseReason

/** What went wrong, whatever it was: nothing of the client throws or rejects. */
export interface ChatError {
  /** For programs: never reworded. */
  code: ProblemCode | OwnCode
  /** The HTTP status, where there was an answer. */
  status?: number
  /** The kind in words. */
  title: string
  /** What went wrong this time. */
  detail: string
  /** For `validation_failed`. */
  errors?: Violation[]
  /** Names the request in the server's log. */
  requestId?: string
  /** Whether the same may succeed later. */
  retryable: boolean
  /** How long the server asks to wait before, in milliseconds. */
  retryAfter?: number
  /** For a refused move: the offer as it is. */
  offer?: Schemas['TradeOffer']
  cause?: unknown
}

/** An error of the client's own. It is retryable if not said otherwise. */
export function ownError (code: OwnCode, detail?: string, more: Partial<ChatError> = {}): ChatError {
  const title = (titles as Partial<Record<OwnCode, string>>)[code] ?? titles.connection_ended
  return { code, title, detail: detail ?? title, retryable: true, ...more }
}

/** What to do about what ended a connection: connect again, do so with another token, or leave it to the app. */
export function remedyOf ({ code, status = 0, retryable }: ChatError): 'reconnect' | 'token' | 'never' {
  // Whoever answers in a way that isn't this server's stands in between, and may be gone tomorrow.
  if (retryable || status >= 500 || code === 'unexpected_answer') return 'reconnect'
  return code.startsWith('token_') ? 'token' : 'never'
}
