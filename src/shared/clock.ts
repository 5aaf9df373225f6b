/** What time it is. */
export interface Clock {
  /** ms since the epoch. */
  now: () => number
}
