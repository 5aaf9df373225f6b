import { reservedUserIds } from '../../../schemas/common.js'
import type { EnteredUser, EnterUser } from '../../../schemas/user.js'
import type { Identity } from '../../auth/identity.js'
import type { Entities } from '../../database/entities/index.js'
import { directoryShardOf } from '../../database/entities/user.js'
import { conditionFailure } from '../../database/faults.js'
import { canonicalLocale } from '../../shared/locale.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Profiles } from './profiles.js'

/** What is written into the directory. */
export interface Entries {
  /**
   * Writes that a user has come, with the name that the token carries. A name that is the user id stands for none: it is written only where
   * there is no entry. Costs 1 WCU, 2 the first time, and 3 the first time without a name.
   */
  came: (identity: Identity, at: Date) => Promise<void>
  /** Writes what an integration says of a user. Costs 1 WCU, and 2 more where the name is new. @throws ProblemError reserved_user_id */
  enter: (userId: string, entry: EnterUser) => Promise<EnteredUser>
  /** Writes when a user was last seen, unless the entry says later or isn't there. Costs 1 WCU. */
  seen: (userId: string, at: Date) => Promise<void>
  /** Deletes the entry. Costs 1 WCU, and 1 more for the index where there was one. */
  erase: (userId: string) => Promise<void>
}

/** @param options.profiles are told what is written */
export function createEntries ({ entities: { entities: { user } }, profiles }: { entities: Entities, profiles: Profiles }): Entries {
  return {
    async came ({ userId, username }, at) {
      const lastSeenAt = at.toISOString()
      const isNamed = username !== userId
      const known = isNamed ? undefined : await unlessRefused(user.patch({ userId }).set({ lastSeenAt }).go({ response: 'all_new' }))
      if (known !== undefined) return profiles.wrote(userId, { username: known.data.username ?? userId, lastSeenAt })
      const entry = { ...named(userId, username), lastSeenAt }
      if (isNamed) await user.upsert(entry).go()
      // Who has entered this newcomer meanwhile knew a name.
      else if (await unlessRefused(user.create(entry).go()) === undefined) return
      profiles.wrote(userId, { username, lastSeenAt })
    },

    async enter (userId, { name, locale }) {
      if (reservedUserIds.has(userId)) throw new ProblemError('reserved_user_id', { id: 'user_id_reserved', userId })
      const entry = { ...named(userId, name), ...(locale === undefined ? {} : { locale: canonicalLocale(locale) }) }
      const { data } = await user.upsert(entry).go({ response: 'all_new' })
      profiles.wrote(userId, { username: name, lastSeenAt: data.lastSeenAt ?? null })
      return { userId, username: name, locale: data.locale ?? null }
    },

    async seen (userId, at) {
      const lastSeenAt = at.toISOString()
      const write = user.patch({ userId }).set({ lastSeenAt })
        .where((item, { lt, notExists }) => `(${notExists(item.lastSeenAt)} OR ${lt(item.lastSeenAt, lastSeenAt)})`)
      if (await unlessRefused(write.go()) !== undefined) profiles.wroteSeen(userId, lastSeenAt)
    },

    async erase (userId) {
      await user.delete({ userId }).go()
      profiles.forget(userId)
    }
  }
}

function named (userId: string, username: string) {
  return { userId, username, nameKey: nameKeyOf(username), shard: directoryShardOf(userId) }
}

/**
 * The form in which names are compared: compatibility forms, letter case and control characters don't matter. It is at
 * most 100 code points.
 */
export function nameKeyOf (name: string): string {
  const compared = name.normalize('NFKC').toLowerCase().replace(/\p{Cc}/gu, '').trimStart()
  return Array.from(compared).slice(0, 100).join('')
}

/** What comes of a write; undefined where its condition didn't hold. */
async function unlessRefused<Written> (write: Promise<Written>): Promise<Written | undefined> {
  try {
    return await write
  } catch (error) {
    if (conditionFailure(error) === undefined) throw error
    return undefined
  }
}
