/** What went wrong, with a code for programs: a problem's, a close code's reason, or the client's own. */
export class LiveError extends Error {
  override readonly name = 'LiveError'

  constructor (readonly code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
  }
}
