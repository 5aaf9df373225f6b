import type { Account, Profile } from '../../../schemas/account.js'
import type { Identity } from '../../auth/identity.js'
import type { Entities } from '../../database/entities/index.js'

/** What a user is told of the own account. */
export interface Accounts {
  /** The account as it is now, strongly consistent. Costs 1 RCU. */
  get: (identity: Identity) => Promise<Account>
  /** All that is stored of it. Costs the same. */
  profile: (identity: Identity) => Promise<Profile>
}

export function createAccounts ({ entities: { direct } }: { entities: Entities }): Accounts {
  async function profile ({ userId, username: named }: Identity): Promise<Profile> {
    const entry = await direct.user.get({ userId }, { consistent: true })
    const { username = named, locale = null, lastSeenAt = null } = entry ?? {}
    return { userId, username, locale, suspendedUntil: null, erasesAt: null, lastSeenAt }
  }

  return {
    profile,

    async get (identity) {
      const { lastSeenAt: _, ...account } = await profile(identity)
      return account
    }
  }
}
