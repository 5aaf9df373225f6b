/**
 * Why the server closes a WebSocket. 4000 to 4499: reconnect (with jitter); 4500 to 4999: don't, until the cause is mended.
 */
export const closeCodes = {
  server_shutdown: { code: 4000, description: 'The instance is shutting down; reconnect to another' },
  token_expired: { code: 4001, description: 'The token expired; reconnect with a new one' },
  heartbeat_timeout: { code: 4002, description: 'Nothing was heard from the client for too long' },
  slow_consumer: { code: 4003, description: 'The client read too slowly; reconnect and catch up' },
  unavailable: { code: 4004, description: 'A part of the service is out of order; reconnect later' },
  taken_over: { code: 4005, description: 'The user had too many connections, and a newer one took the place of this one; come back when somebody looks at it' },
  token_refused: { code: 4500, description: 'The token is not valid here' },
  authentication_timeout: { code: 4501, description: 'No valid auth frame came in time' },
  too_many_connections: { code: 4502, description: 'The user has too many connections' },
  protocol_violation: { code: 4503, description: 'The client sent a frame that is not JSON text' },
  flooding: { code: 4504, description: 'The client kept sending frames after being told to slow down' }
} as const

export type CloseReason = keyof typeof closeCodes

/** Codes of RFC 6455 section 7.4.1 that the server uses as well; they come without a reason. */
export const standardCloseCodes = {
  protocol_error: { code: 1002, reconnect: false, description: 'The client broke the WebSocket protocol' },
  invalid_text: { code: 1007, reconnect: false, description: 'A text frame was not UTF-8' },
  frame_too_large: { code: 1009, reconnect: false, description: 'A frame was larger than the server takes' },
  internal_error: { code: 1011, reconnect: true, description: 'The server failed' }
} as const

/** A code, the reason that comes with it, whether the client should reconnect, and what happened. */
export interface CloseCode {
  code: number
  reason?: CloseReason
  reconnect: boolean
  description: string
}

/** Every code with which the server closes a WebSocket, in order. */
export function describeCloseCodes (): CloseCode[] {
  const own = Object.entries(closeCodes).map(([reason, { code, description }]) =>
    ({ code, reason: reason as CloseReason, reconnect: code < 4500, description }))
  return [...Object.values(standardCloseCodes), ...own]
}
