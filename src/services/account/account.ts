import type { Account, Profile } from '../../../schemas/account.js'
import type { Identity } from '../../auth/identity.js'
import type { Entities } from '../../database/entities/index.js'
import type { Clock } from '../../shared/clock.js'
import type { Erasures } from './erasures.js'

/** What a user is told of the own account. */
export interface Accounts {
  /** The account as it is now, strongly consistent. Costs 3 RCU. */
  get: (identity: Identity) => Promise<Account>
  /** All that is stored of it. Costs the same. */
  profile: (identity: Identity) => Promise<Profile>
}

export function createAccounts ({ entities: { direct }, erasures, clock }: { entities: Entities, erasures: Erasures, clock: Clock }): Accounts {
  async function profile ({ userId, username: named }: Identity): Promise<Profile> {
    const [entry, suspension, erasesAt] = await Promise.all([
      direct.user.get({ userId }, { consistent: true }), direct.suspension.get({ userId }, { consistent: true }), erasures.dueAt(userId)
    ])
    const { username = named, locale = null, lastSeenAt = null } = entry ?? {}
    const suspendedUntil = suspension !== undefined && suspension.endsAt > clock.now() ? suspension.endsAt : undefined
    return { userId, username, locale, suspendedUntil: toTime(suspendedUntil), erasesAt: toTime(erasesAt), lastSeenAt }
  }

  return {
    profile,

    async get (identity) {
      const { lastSeenAt: _, ...account } = await profile(identity)
      return account
    }
  }
}

function toTime (at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
