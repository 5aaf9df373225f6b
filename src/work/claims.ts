import type { Direct } from '../database/direct/index.js'
import { conditionFailure, isTransactionConflict } from '../database/faults.js'
import type { WorkItem, WorkKey } from '../database/entities/work.js'
import type { Clock } from '../shared/clock.js'

/** How long who works on something has it for itself, in ms. Who takes longer may find that others began as well. */
export const claimTime = 60_000

/** How long something rests after it has failed so many times, in ms: at first, and at most. */
const pause = { first: 1000, most: 60_000 }

/** A claim that is held. */
export type Claimed = WorkItem & { claimedUntil: number }

/** Who works on what. There is no lease and no leader: a claim ends by itself. */
export class Claims {
  constructor (private readonly direct: Direct, private readonly clock: Clock) {}

  /**
   * Claims something that is to be done. Costs 1 WCU.
   * @returns it as it is, or undefined: it is done, somebody else has it, or something is being written to it
   */
  async claim (key: WorkKey): Promise<Claimed | undefined> {
    const now = this.clock.now()
    try {
      return await this.direct.work.change(key, { claimedUntil: now + claimTime }, { absentOrBelow: { claimedUntil: now } }) as Claimed
    } catch (error) {
      if (conditionFailure(error) !== undefined || isTransactionConflict(error)) return undefined
      throw error
    }
  }

  /** Lets what has failed rest, and then be claimed by anybody. Where the claim has ended meanwhile nothing happens. */
  async fail (claimed: Claimed): Promise<void> {
    const attempt = (claimed.attempt ?? 0) + 1
    const rest = Math.min(pause.most, pause.first * 2 ** Math.min(attempt - 1, 16)) * (0.5 + Math.random() / 2)
    const { claimedUntil } = claimed
    await this.settle(this.direct.work.update(claimed, { attempt, claimedUntil: this.clock.now() + Math.round(rest) }, { equal: { claimedUntil } }))
  }

  /**
   * Makes a write that depends on a claim.
   * @returns whether it was made
   * @throws TransactionConflictException where a transaction is at the same item
   */
  async settle (write: Parameters<Direct['write']>[0]): Promise<boolean> {
    try {
      await this.direct.write(write)
      return true
    } catch (error) {
      if (conditionFailure(error) === undefined) throw error
      return false
    }
  }
}
