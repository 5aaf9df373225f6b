/** What time it is. */
export interface Clock {
  /** ms since the epoch. */
  now: () => number
  /** Whether the time may have jumped since it was last confirmed: who needs it should ask for a confirmation first. */
  readonly isUnsure: boolean
}
