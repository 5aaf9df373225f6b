/** What time it is. */
export interface Clock {
  /** ms since the epoch. */
  now: () => number
}

/** The clock of this machine, right or wrong. */
export const machineClock: Clock = { now: () => Date.now() }
