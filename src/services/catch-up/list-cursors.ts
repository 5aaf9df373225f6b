import type { Clock } from '../../shared/clock.js'
import type { Cursors } from './cursor.js'

/**
 * Begins to read a list for a user.
 * @returns gives, when it has been read, the cursor that it belongs to: who follows from it misses nothing that isn't in the list
 */
export type BeginList = (userId: string) => () => string

/**
 * Such a cursor claims what has settled by the time at which the list began to be read, and names no conversation: of one that is known here to
 * have gone on, a list whose reads aren't strongly consistent may show less. So some of the last seconds comes again. Costs nothing.
 */
export function createBeginList ({ cursors, clock }: { cursors: Cursors, clock: Clock }): BeginList {
  return userId => {
    const [before, begun] = [clock.now(), performance.now()]
    // A clock that was wrong has been put right by what was read.
    return () => cursors.issue(userId, { at: Math.min(before, Math.floor(clock.now() - (performance.now() - begun))), seen: {} })
  }
}
