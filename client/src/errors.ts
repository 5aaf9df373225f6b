import type { components } from '../../openapi/client/http.js'

type Schemas = components['schemas']

/** The kind of a problem that the server reports. */
export type ProblemCode = Schemas['Problem']['code']

/** What is wrong with a part of a request. */
export type Violation = NonNullable<Schemas['Problem']['errors']>[number]

/** Why the server closed a connection. */
export type CloseReason = 'server_shutdown' | 'heartbeat_timeout' | 'slow_consumer' | 'unavailable' | 'taken_over' | 'token_refused' |
  'authentication_timeout' | 'protocol_violation' | 'flooding' | `closed_${number}`

/** The kind of what no problem of the server's says: why a connection was closed, or what the client itself can say. */
export type OwnCode = CloseReason | 'aborted' | 'closed' | 'file_unreadable' | 'gap' | 'insecure_context' | 'invalid_request' | 'network_unreachable' | 'offline' |
  'send_outdated' | 'silence' | 'storage_unavailable' | 'stream_ended' | 'timed_out' | 'token_unavailable' | 'unexpected_answer' | 'unexpected_frame' | 'user_changed'

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

/** What was answered, or what went wrong. */
export type Result<Data> = { data: Data, error?: undefined } | { data?: undefined, error: ChatError }

/** An error that the client itself finds: its title is its code in words. It is retryable if not said otherwise. */
export function ownError (code: ChatError['code'], detail?: string, more?: Partial<ChatError>): ChatError {
  const title = code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ')
  return { code, title, detail: detail ?? title, retryable: true, ...more }
}

/** Whether what ended a connection may be over when another is tried. */
export function isPassing ({ code, status = 0, retryable }: ChatError): boolean {
  // Whoever answers in a way that isn't this server's stands in between, and may be gone tomorrow.
  return retryable || status >= 500 || code === 'unexpected_answer'
}
