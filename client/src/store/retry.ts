import type { ChatError } from '../index.js'
import { Backoff, type BackoffOptions } from '../backoff.js'
import { Rest } from './rest.js'

/** A call waits for a better time, after an error or for a connection; or goes on. */
export type OnRest = (isResting: boolean, error?: ChatError) => void

/** Repeats calls until they succeed or are refused, waiting as long as the server asks, or for a connection. */
export class Retry extends Rest {
  /**
   * @param backoff how long to wait where the server doesn't say
   * @param isHopeless whether no call can succeed now: without network, or until the app has another token
   */
  constructor (private readonly backoff: BackoffOptions, private readonly isHopeless: () => boolean) {
    super()
  }

  /**
   * @param isNeeded whether it still matters
   * @returns what the call came to; undefined if it doesn't matter any more
   */
  async repeat<Outcome extends { error?: ChatError | undefined }> (
    call: () => Promise<Outcome>, isNeeded: () => boolean, onRest: OnRest = () => {}
  ): Promise<Outcome | undefined> {
    const backoff = new Backoff(this.backoff)
    const matters = () => isNeeded() && !this.isOver
    while (matters()) {
      if (this.isHopeless()) {
        onRest(true)
        await this.pause(Infinity)
        continue
      }
      onRest(false)
      const outcome = await call()
      if (!matters()) return undefined
      const { error } = outcome
      if (error === undefined || !isPassing(error)) return outcome
      onRest(true, error)
      await this.pause(isAboutToken(error) ? Infinity : error.retryAfter ?? backoff.next(), error.retryAfter !== undefined)
    }
    return undefined
  }
}

/** Whether what failed may succeed by itself, were it with another token; but not tomorrow, as another first contact may. */
function isPassing (error: ChatError): boolean {
  return (error.retryable && error.code !== 'contact_limit') || isAboutToken(error)
}

function isAboutToken ({ code }: ChatError): boolean {
  return code.startsWith('token_') && code !== 'token_unavailable'
}
