/** A mark as the table holds it. */
export interface Mark {
  untold: number
  upTo: number
  claimedUntil?: number
}

/**
 * Marks, claims and acknowledgements of one conversation as a model: what each write does to the mark, and whether it is refused. The
 * code does the same by conditional writes.
 */
export const marks = {
  /** Message `seq` is committed, and with it the mark. */
  mark: (mark: Mark | undefined, seq: number): Mark => ({ ...mark, untold: mark?.untold ?? seq, upTo: seq }),

  /** Refused where there is nothing to claim, or somebody else has it. */
  claim: (mark: Mark | undefined, now: number, until: number): Mark | undefined =>
    mark === undefined || (mark.claimedUntil !== undefined && mark.claimedUntil >= now) ? undefined : { ...mark, claimedUntil: until },

  /** Everything up to `seen` is told. The mark goes, or moves on where more came; who has lost the claim changes nothing. */
  acknowledge: (mark: Mark | undefined, { upTo: seen, claimedUntil }: Mark): { mark: Mark | undefined, isRefused: boolean } => {
    if (mark === undefined || mark.claimedUntil !== claimedUntil) return { mark, isRefused: true }
    return { mark: mark.upTo === seen ? undefined : { untold: seen + 1, upTo: mark.upTo }, isRefused: false }
  }
}
