import type { Erasure } from '../../../schemas/account.js'
import type { Identity } from '../../auth/identity.js'
import type { Entities } from '../../database/entities/index.js'
import type { ErasureItem } from '../../database/entities/erasure.js'
import { workItem, type WorkItem } from '../../database/entities/work.js'
import { conditionFailure, databaseUnavailable } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'

/** The kind of the timers by which erasures begin and go on. */
export const eraseKind = 'erase'

/** How old the sign-in of one who asks for it may be, in ms. */
const freshFor = 5 * 60 * 1000

/** An erasure that has begun. */
export type BegunErasure = ErasureItem & { startedAt: number }

export interface Erasures {
  /**
   * Has everything of a user's erased after the time of grace; who has asked already is told when that is. Costs 1 RCU and 4 WCU.
   * @throws ProblemError sign_in_again, database_unavailable
   */
  ask: (identity: Identity) => Promise<Erasure>
  /** When a user's own things are erased, in ms since the epoch, if that was asked for and isn't done. Costs 1 RCU. */
  dueAt: (userId: string) => Promise<number | undefined>
  /**
   * Takes note that somebody has come. Who has signed in since asking for an erasure doesn't want it any more. Costs 1 RCU, and 1 WCU to cancel.
   * @returns whether there may be a directory entry: not for whom it was erased, or will be, until they sign in again
   */
  admits: (identity: Identity) => Promise<boolean>
  /** Begins an erasure, or goes on with it: from then on it can't be cancelled. @returns undefined where it was cancelled, or is done */
  begin: (userId: string, askedAt: number) => Promise<BegunErasure | undefined>
}

/**
 * @param options.grace how long an erasure can be cancelled, in ms
 * @param options.wake has a timer handled in time
 */
export function createErasures ({ entities: { direct }, clock, grace, wake }: {
  entities: Entities, clock: Clock, grace: number, wake: (timer: WorkItem) => void
}): Erasures {
  const read = async (userId: string) => await direct.erasure.get({ userId }, { consistent: true })

  return {
    async ask ({ userId, signedInAt = -Infinity }) {
      const now = clock.now()
      if (now - signedInAt > freshFor) throw new ProblemError('sign_in_again')
      // The issuer's clock may be ahead: this sign-in comes before what it is used for.
      const askedAt = Math.max(now, signedInAt)
      for await (const _ of attempts()) {
        const before = await read(userId)
        if (before !== undefined && before.stage !== 'erased') return show(before.erasesAt)
        const erasesAt = now + grace
        const timer = workItem({ kind: eraseKind, subject: `${userId}#${askedAt}`, dueAt: erasesAt })
        const refusals = await direct.transact([
          direct.erasure.put({ userId, askedAt, erasesAt, stage: 'waiting' }, before === undefined ? { absent: true } : { equal: { askedAt: before.askedAt } }),
          direct.work.put(timer)
        ])
        if (refusals !== undefined) continue
        wake(timer)
        return show(erasesAt)
      }
      throw databaseUnavailable()
    },

    async dueAt (userId) {
      const erasure = await read(userId)
      return erasure === undefined || erasure.stage === 'erased' ? undefined : erasure.erasesAt
    },

    async admits ({ userId, signedInAt = -Infinity }) {
      for await (const _ of attempts()) {
        const erasure = await read(userId)
        if (erasure === undefined) return true
        const { stage, askedAt, startedAt = Infinity } = erasure
        if (stage !== 'waiting') return stage === 'erased' && signedInAt > startedAt
        if (signedInAt <= askedAt) return false
        if (await holds(direct.write(direct.erasure.remove({ userId }, { equal: { askedAt, stage } })))) return true
      }
      throw databaseUnavailable()
    },

    async begin (userId, askedAt) {
      for await (const _ of attempts()) {
        const erasure = await read(userId)
        if (erasure === undefined || erasure.askedAt !== askedAt || erasure.stage === 'erased') return undefined
        const startedAt = erasure.startedAt ?? clock.now()
        const begun = { ...erasure, stage: 'erasing' as const, startedAt }
        if (erasure.stage === 'erasing') return begun
        if (await holds(direct.write(direct.erasure.put(begun, { equal: { askedAt, stage: 'waiting' } })))) return begun
      }
      throw databaseUnavailable()
    }
  }
}

/** What a timer's subject says. */
export function parseErasureSubject (subject: string): Pick<ErasureItem, 'userId' | 'askedAt'> {
  const [userId = '', askedAt] = subject.split('#')
  return { userId, askedAt: Number(askedAt) }
}

function show (erasesAt: number): Erasure {
  return { erasesAt: new Date(erasesAt).toISOString() }
}

/** Whether the condition of a write held. */
async function holds (write: Promise<void>): Promise<boolean> {
  try {
    await write
    return true
  } catch (error) {
    if (conditionFailure(error) === undefined) throw error
    return false
  }
}
