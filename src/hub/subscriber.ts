import type { EncodedEvent } from '../wire/encoded-event.js'

/** What a user's events are given to: it decides what its client is sent of them, and when. */
export interface Subscriber {
  /** Takes an event as it happens. */
  deliver: (event: EncodedEvent) => void
  /** From a time on events may be missing, in ms since the epoch. */
  doubt: (since: number) => void
  /** Events come again: those that were missing are to be caught up with. */
  dispel: () => void
  /**
   * Events may have been lost.
   * @param since when the first may have been, in ms since the epoch
   * @param claimed whether a cursor that the client resumed from may claim what was lost
   */
  mend: (since: number, claimed: boolean) => void
  /** The connection is gone. */
  end: () => void
}
