import type { ChatError } from '../index.js'
import { Backoff, type BackoffOptions } from '../backoff.js'

/** A call waits for a better time, after an error or for a connection; or goes on. */
export type OnRest = (isResting: boolean, error?: ChatError) => void

/** Repeats calls until they succeed or are refused. Pauses end early when something has changed: there is a connection again, or it is over. */
export class Retry {
  readonly #sleepers = new Set<() => void>()
  isOver = false

  /**
   * @param backoff how long to wait where the server doesn't say
   * @param isHopeless whether no call can succeed now: without network, or until the app has another token
   */
  constructor (private readonly backoff: BackoffOptions, private readonly isHopeless: () => boolean) {}

  /**
   * Waits.
   * @param ms how long, in milliseconds; Infinity for until it is woken
   * @param isFirm whether only the end of everything wakes it: the server has asked to wait
   */
  async pause (ms: number, isFirm = false): Promise<void> {
    if (this.isOver) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let wake = () => {}
    await new Promise<void>(resolve => {
      wake = () => { if (!isFirm || this.isOver) resolve() }
      if (ms < Infinity) timer = setTimeout(resolve, ms)
      this.#sleepers.add(wake)
    })
    clearTimeout(timer)
    this.#sleepers.delete(wake)
  }

  /** Ends all pauses that aren't firm. */
  wake (): void {
    for (const wake of this.#sleepers) wake()
  }

  /** Ends all pauses, from now on. */
  end (): void {
    this.isOver = true
    this.wake()
  }

  /**
   * Makes a call until it succeeds or is refused, waiting as long as the server asks, or for a connection.
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
