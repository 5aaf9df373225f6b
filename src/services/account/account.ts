import type { Account, Profile } from '../../../schemas/account.js'
import type { Identity } from '../../auth/identity.js'
import type { Entities } from '../../database/entities/index.js'
import type { Suspensions } from '../moderation/suspensions.js'
import type { Erasures } from './erasures.js'

/** What a user is told of the own account. */
export interface Accounts {
  /** The account as it is now, strongly consistent but for a suspension, which is up to 30 s old. Costs 2 RCU, and half a one where that isn't remembered. */
  get: (identity: Identity) => Promise<Account>
  /** All that is stored of it. Costs the same. */
  profile: (identity: Identity) => Promise<Profile>
}

export function createAccounts ({ entities: { direct }, erasures, suspensions }: { entities: Entities, erasures: Erasures, suspensions: Suspensions }): Accounts {
  async function profile ({ userId, username: named }: Identity): Promise<Profile> {
    const [entry, suspendedUntil, erasesAt] = await Promise.all([
      direct.user.get({ userId }, { consistent: true }), suspensions.until(userId), erasures.dueAt(userId)
    ])
    const { username = named, locale = null, lastSeenAt = null } = entry ?? {}
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
