import type { ChatError } from '../index.js'
import { Backoff, type BackoffOptions } from '../backoff.js'
import { Rest } from './rest.js'

export interface RepeatOptions {
  /** Whether it still matters. */
  isNeeded?: () => boolean
  /** It waits for a better time, after an error or for a connection; or goes on. */
  onRest?: (isResting: boolean, error?: ChatError) => void
}

/** Repeats calls until they succeed or are refused, waiting as long as the server asks, or for a connection. */
export class Retry {
  readonly #rest = new Rest()

  /**
   * @param backoff how long to wait where the server doesn't say
   * @param isHopeless whether no call can succeed now: without network, or until the app has another token
   */
  constructor (private readonly backoff: BackoffOptions, private readonly isHopeless: () => boolean) {}

  get isOver (): boolean {
    return this.#rest.isOver
  }

  /** @returns what the call came to; undefined if it doesn't matter any more */
  async repeat<Outcome extends { error?: ChatError | undefined }> (
    call: () => Promise<Outcome>, { isNeeded = () => true, onRest = () => {} }: RepeatOptions = {}
  ): Promise<Outcome | undefined> {
    const backoff = new Backoff(this.backoff)
    const matters = () => isNeeded() && !this.isOver
    while (matters()) {
      if (this.isHopeless()) {
        onRest(true)
        await this.#rest.pause(Infinity)
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

  /** Waits, in ms, until there is a connection again at the longest, unless the server has asked to wait. */
  async pause (ms: number, isAsked = false): Promise<void> {
    await this.#rest.pause(ms, isAsked)
  }

  /** Tries at once what waits, unless the server has asked it to. */
  wake (): void {
    this.#rest.wake()
  }

  end (): void {
    this.#rest.end()
  }
}

/** Whether what failed may succeed by itself, were it with another token. */
function isPassing (error: ChatError): boolean {
  return error.retryable || isAboutToken(error)
}

function isAboutToken ({ code }: ChatError): boolean {
  return code.startsWith('token_') && code !== 'token_unavailable'
}
