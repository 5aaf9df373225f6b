import { Backoff } from './backoff.js'
import type { ChatError } from './errors.js'

/** How often a call is tried that doesn't get through. */
const attempts = 5
/** The longest that the server may ask to wait, in ms: whoever has to wait for longer is told. */
const patience = 60_000
/** What passes, but not while somebody waits. */
const slow: ReadonlySet<ChatError['code']> = new Set(['attachment_quota', 'attachment_scanning'])

/**
 * Makes a call until it gets through or is refused, but not for ever.
 * @param signal ends pauses; the call is made once more then, and is to say that it was called off
 */
export async function tryOften<Outcome extends { error?: ChatError | undefined }> (call: () => Promise<Outcome>, signal?: AbortSignal): Promise<Outcome> {
  const backoff = new Backoff({ base: 1000, cap: 30_000 })
  for (let left = attempts; ; left--) {
    const outcome = await call()
    const { error } = outcome
    if (!error?.retryable || slow.has(error.code) || left === 1) return outcome
    const { retryAfter = backoff.next() } = error
    if (retryAfter > patience) return outcome
    await pause(retryAfter, signal)
  }
}

async function pause (ms: number, signal: AbortSignal | undefined) {
  await new Promise<void>(resolve => {
    const wake = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal?.addEventListener('abort', wake)
    if (signal?.aborted) wake()
  })
}
