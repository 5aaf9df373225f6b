import { ownError, type ChatError, type CloseReason } from './errors.js'

/** Codes of RFC 6455 after which the same frames would end the same way. */
const finalCodes = [1002, 1007, 1009]
/** The server's own from 4500 on are final as well, but for what passes: a page that slept before it said who it is, and too many connections. */
const passing = [4501, 4502]

/** Why the server closed a connection; retryable where connecting again isn't going to end the same way. */
export function endingOf (code: number, reason: string): ChatError {
  const isFinal = finalCodes.includes(code) || (code >= 4500 && !passing.includes(code))
  return ownError((reason || `closed_${code}`) as CloseReason, undefined, { retryable: !isFinal })
}
