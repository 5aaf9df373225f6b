import { setTimeout as sleep } from 'node:timers/promises'

const base = 4
const cap = 100

/**
 * Attempts at a contended write: yields their number from 0, and sleeps with full jitter between them
 * (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/). Ends when the time is up.
 * @param since when the time began, in ms of `performance.now()`: what was spent waiting for the turn counts
 * @param patience how long it is tried, in milliseconds: what remains of the 3 s is for the answer
 */
export async function * attempts (since = performance.now(), patience = 2000): AsyncGenerator<number> {
  const end = since + patience
  for (let attempt = 0; attempt === 0 || performance.now() < end; attempt++) {
    yield attempt
    await sleep(Math.random() * Math.min(cap, base * 2 ** attempt))
  }
}
