import type { Suspend, Suspension } from '../../../schemas/suspension.js'
import { reservedUserIds } from '../../../schemas/common.js'
import type { Direct } from '../../database/direct/index.js'
import { BoundedMap } from '../../shared/bounded-map.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError, ruleBroken } from '../../wire/problem-error.js'

/** How long it is remembered whether a user is suspended, in ms. With what an eventually consistent read lags behind, 30 s pass at most. */
const rememberedFor = 28_000
/** How many users are remembered. */
const maxRemembered = 50_000

/** Who may write nothing for a time. */
export interface Suspensions {
  /**
   * Suspends a user until a time, whatever was said before: here at once, elsewhere within 30 s. Costs 1 WCU.
   * @throws ProblemError reserved_user_id, validation_failed
   */
  suspend: (userId: string, body: Suspend, integrationId: string) => Promise<Suspension>
  /** Ends a suspension, if there is one. Costs 1 WCU. */
  lift: (userId: string) => Promise<void>
  /**
   * Until when a user is suspended, in ms since the epoch; undefined where that isn't so. Costs half an RCU where it isn't remembered: at most
   * every 28 s.
   */
  until: (userId: string) => Promise<number | undefined>
  /** The same, as the refusal of what the user is about to write. */
  refusalOf: (userId: string) => Promise<ProblemError | undefined>
}

export function createSuspensions ({ direct, clock }: { direct: Pick<Direct, 'suspension' | 'write'>, clock: Clock }): Suspensions {
  /** When it ends, as it was at a time, both in ms since the epoch. */
  const remembered = new BoundedMap<string, { endsAt: Promise<number | undefined>, at: number }>(maxRemembered)

  function remember (userId: string, endsAt: Promise<number | undefined>): Promise<number | undefined> {
    remembered.set(userId, { endsAt, at: clock.now() })
    return endsAt
  }

  function read (userId: string): Promise<number | undefined> {
    const endsAt = remember(userId, direct.suspension.get({ userId }, { consistent: false }).then(found => found?.endsAt))
    endsAt.catch(() => { if (remembered.get(userId)?.endsAt === endsAt) remembered.delete(userId) })
    return endsAt
  }

  async function until (userId: string): Promise<number | undefined> {
    const known = remembered.get(userId)
    // A clock that was put back makes nothing last longer.
    const age = known === undefined ? Infinity : clock.now() - known.at
    const endsAt = await (known !== undefined && age >= 0 && age < rememberedFor ? known.endsAt : read(userId))
    return endsAt !== undefined && clock.now() < endsAt ? endsAt : undefined
  }

  return {
    async suspend (userId, { until: text, reason }, integrationId) {
      if (reservedUserIds.has(userId)) throw new ProblemError('reserved_user_id', { id: 'user_id_reserved', userId })
      const endsAt = Date.parse(text)
      if (Number.isNaN(endsAt)) throw ruleBroken('body', '/until', 'time')
      if (endsAt <= clock.now()) throw ruleBroken('body', '/until', 'future')
      await direct.write(direct.suspension.put({ userId, endsAt, reason, integrationId, ttl: Math.ceil(endsAt / 1000) }))
      await remember(userId, Promise.resolve(endsAt))
      return { userId, until: new Date(endsAt).toISOString(), reason }
    },

    async lift (userId) {
      await direct.write(direct.suspension.remove({ userId }))
      await remember(userId, Promise.resolve(undefined))
    },

    until,

    async refusalOf (userId) {
      const endsAt = await until(userId)
      return endsAt === undefined ? undefined : new ProblemError('suspended', { id: 'suspended_until', until: endsAt })
    }
  }
}
