import { isServerError, isThrottlingError, isTransientError, type StandardRetryStrategy } from '@smithy/core/retry'
import type { Answer } from '../database-client.js'
import { unlessAborted } from './abort.js'

type SdkError = Parameters<typeof isServerError>[0]
type Token = Awaited<ReturnType<StandardRetryStrategy['acquireInitialRetryToken']>>

/** Tries again by a strategy of the SDK: which errors, how often, after which pauses, and with which budget when many calls fail. */
export class Retries {
  #first: Token | undefined

  constructor (private readonly strategy: StandardRetryStrategy) {}

  /**
   * Makes attempts until one succeeds or its error is final. The answer, or the error, tells their number.
   * @param signal ends the pauses; attempts see to it themselves
   */
  async run (attempt: () => Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
    let token = this.#first ??= await this.strategy.acquireInitialRetryToken('')
    for (let attempts = 1; ; attempts++) {
      try {
        const answer = await attempt()
        this.strategy.recordSuccess(token)
        answer.$metadata.attempts = attempts
        return answer
      } catch (reason) {
        const error = reason as SdkError
        const refreshed = this.strategy.refreshRetryTokenForRetry(token, { error, errorType: typeOf(error) }).catch(() => undefined)
        const next = await unlessAborted(refreshed, signal)
        if (next === undefined) {
          error.$metadata = { ...error.$metadata, attempts }
          throw error
        }
        token = next
      }
    }
  }
}

function typeOf (error: SdkError) {
  if (isThrottlingError(error)) return 'THROTTLING'
  if (isTransientError(error)) return 'TRANSIENT'
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR'
}
