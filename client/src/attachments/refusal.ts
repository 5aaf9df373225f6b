import { answerOf } from '../caller.js'
import { ownError, type ChatError } from '../errors.js'

/** What passes by itself. */
const passing = [408, 409, 429]
/** What it means that S3 refuses, in the server's words. */
const meanings: Record<number, ChatError['code']> = { 400: 'attachment_digest_mismatch', 403: 'attachment_url_invalid' }

/**
 * What went wrong where files are kept: the same whether it is the server that says it, by a problem, or S3, by XML.
 * @param text of the answer
 */
export function refusalOf (response: Response, text: string): ChatError {
  const { status } = response
  const { error = ownError('unexpected_answer') } = answerOf(response, text)
  // S3 says 400 of a wire that was too slow as well.
  const isPassing = status >= 500 || passing.includes(status) || text.includes('<Code>RequestTimeout<')
  // Another URL is good again.
  const retryable = isPassing || status === 403
  if (error.code !== 'unexpected_answer') return { ...error, retryable }
  const code = text.includes('<Code>NoSuchKey<') ? 'attachment_unavailable' : isPassing ? 'storage_unavailable' : meanings[status] ?? error.code
  return { ...error, ...ownError(code, `The store of files has answered ${status}`), retryable }
}
