const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** The pauses after failed attempts, in ms, as Standard Webhooks recommends them; after the attempt that follows the last one it is given up. */
export const pauses: readonly number[] = [
  5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour
]

/** How far a pause may differ from the plan: attempts that failed together shouldn't come together again. */
const jitter = 0.1

/** The longest that a receiver may put an attempt off, in ms. */
const longestWish = 24 * hour

/** Statuses by which a receiver says that it is busy, for which it may name a time. */
const busyStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** What a failed attempt says of the next one. */
export interface Failure {
  /** Of the answer, if there was one. */
  status?: number
  /** The header of that name. */
  retryAfter?: string
}

/**
 * When an event is tried again.
 * @param failed how many attempts have failed, this one included
 * @param now ms since the epoch
 * @param random from 0 to 1
 * @param plan other pauses than the usual ones
 * @returns ms since the epoch; undefined when it is given up
 */
export function nextAttempt (failed: number, failure: Failure, now: number, random = Math.random(), plan = pauses): number | undefined {
  const pause = plan[failed - 1]
  if (pause === undefined) return undefined
  return now + Math.round(Math.max(pause * (1 - jitter + 2 * jitter * random), wish(failure, now)))
}

/** For how long a receiver wants to be left alone, in ms (RFC 9110 section 10.2.3: seconds or a date). */
function wish ({ status, retryAfter }: Failure, now: number): number {
  if (retryAfter === undefined || status === undefined || !busyStatuses.has(status)) return 0
  const ms = /^\d+$/.test(retryAfter.trim()) ? Number(retryAfter) * second : Date.parse(retryAfter) - now
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), longestWish)
}
