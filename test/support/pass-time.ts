import type { Test } from 'tap'

/**
 * Makes the monotonic clock, `performance.now()`, the test's own.
 * @returns lets so many milliseconds more pass than do; fewer where they are negative, as on a machine that has slept
 */
export function passTime (t: Test): (ms: number) => void {
  const now = performance.now.bind(performance)
  let passed = 0
  t.intercept(performance, 'now', { value: () => now() + passed })
  return ms => { passed += ms }
}
