import type { FastifyBaseLogger } from 'fastify'
import fastq from 'fastq'
import type { EnteredUser, EnterUser, ListUsersQuery, User, UserPage } from '../../../schemas/user.js'
import type { Entities } from '../../database/entities/index.js'
import type { IndexKeys } from '../../database/direct/direct-entity.js'
import type { Identity } from '../../auth/identity.js'
import { BoundedMap } from '../../shared/bounded-map.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { within } from '../../shared/within.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Erasures } from '../account/erasures.js'
import type { Acquaintance } from './acquaintance.js'
import { readDirectory } from './directory.js'
import { createEntries, nameKeyOf } from './entries.js'
import { Profiles, type Profile } from './profiles.js'

/** How long a user's entry is left alone, in milliseconds. */
const touchInterval = 60 * 60 * 1000
/** When an entry that couldn't be written is tried again, in milliseconds. */
const touchAgain = 5000
/** How long an entry is waited for, in milliseconds: normally a newcomer is in the directory when the first answer comes. */
const touchPatience = 200
/** How many entries are written at once: when an instance starts, all its users come. */
const writesAtOnce = 8
/** How many users are remembered as touched. */
const maxRemembered = 50_000

/** Which of some users have a live connection. */
export type OnlineUsers = (userIds: readonly string[]) => Promise<ReadonlySet<string>>

export interface Users {
  /**
   * Writes the directory entry, at most once an hour for each user, name and sign-in. Costs 1 RCU and 1 WCU then, 2 the first time, 3 for a newcomer
   * whose token carries no name, which is no reason to forget one. Who asked for an erasure and has signed in since cancels it so. Waits for it a short while only, and never fails: nobody's request
   * depends on it.
   */
  touch: (identity: Identity) => Promise<void>
  /** Writes what an integration says of a user. Costs 1 WCU, and 2 more where the name is new. @throws ProblemError reserved_user_id */
  enter: (userId: string, entry: EnterUser) => Promise<EnteredUser>
  /** Writes when the user was last seen, unless the entry says later or isn't there. Costs 1 WCU. */
  seen: (userId: string, at: Date) => Promise<void>
  /** Deletes the entry. Costs 2 WCU. */
  erase: (userId: string) => Promise<void>
  /**
   * Users as somebody sees them, in the order asked for; one that never came has the id for a name. Costs half an RCU for each whose
   * entry isn't remembered.
   * @param acquainted those of whom is said whether they are online and when they were last seen
   */
  profiles: (userIds: readonly string[], acquainted: ReadonlySet<string>) => Promise<User[]>
  /**
   * Acquaintances of a user, in the order asked for, with when they were last seen as the table knows it now. Costs half an RCU each.
   */
  presences: (userIds: readonly string[]) => Promise<User[]>
  /**
   * Another user as in the list. Costs half an RCU where the entry isn't remembered, another one where it isn't whether the two
   * are acquainted, and another one every few seconds for blocks.
   * @throws ProblemError user_not_found for one that never came, or with a block between the two, self_conversation, reserved_user_id
   */
  get: (userId: string, otherId: string) => Promise<User>
  /**
   * Other users ordered by name. A page may be short, because it leaves out the caller, and those between whom and the caller there is a
   * block. 20 users cost at most 22.5 RCU: the keys, the users and who is acquainted where that isn't remembered, and blocks.
   * @throws ProblemError invalid_page_token
   */
  list: (userId: string, query: ListUsersQuery) => Promise<UserPage>
}

export function createUsers ({ entities, erasures, online, acquaintance, pageTokens, log }: {
  entities: Entities, erasures: Pick<Erasures, 'admits'>, online: OnlineUsers, acquaintance: Acquaintance, pageTokens: PageTokens, log: FastifyBaseLogger
}): Users {
  const profiles = new Profiles(entities)
  const entries = createEntries({ entities, profiles })
  const writes = fastq.promise(async ({ identity, at }: { identity: Identity, at: Date }) => {
    if (!await erasures.admits(identity)) return false
    await entries.came(identity, at)
    return true
  }, writesAtOnce)
  const touched = new BoundedMap<string, { username: string, signedInAt: number, at: number }>(maxRemembered)

  /** Users as others see them. @param found their entries, as far as they have one */
  async function show (userIds: readonly string[], acquainted: ReadonlySet<string>, found: Promise<ReadonlyMap<string, Profile>>): Promise<User[]> {
    const [known, onlineIds] = await Promise.all([found, online(userIds.filter(userId => acquainted.has(userId)))])
    return userIds.map(userId => {
      const { username = userId, lastSeenAt = null } = known.get(userId) ?? {}
      return acquainted.has(userId)
        ? { userId, username, online: onlineIds.has(userId), lastSeenAt }
        : { userId, username, online: null, lastSeenAt: null }
    })
  }

  return {
    profiles: async (userIds, acquainted) => await show(userIds, acquainted, profiles.of(userIds)),

    async presences (userIds) {
      const found = await profiles.of(userIds, { afresh: true })
      // Asked last: who comes or goes from here on is told of later than this is.
      return await show(userIds, new Set(userIds), Promise.resolve(found))
    },

    async enter (userId, entry) {
      const entered = await entries.enter(userId, entry)
      // What the user's token says is written when it comes next.
      touched.delete(userId)
      return entered
    },

    seen: entries.seen,

    async erase (userId) {
      await entries.erase(userId)
      touched.delete(userId)
    },

    async touch (identity) {
      const { userId, username, signedInAt = 0 } = identity
      const last = touched.get(userId)
      const now = Date.now()
      if (last !== undefined && last.username === username && last.signedInAt >= signedInAt && now - last.at < touchInterval) return
      touched.set(userId, { username, signedInAt, at: now })
      const again = () => touched.set(userId, { username, signedInAt, at: now - touchInterval + touchAgain })
      const written = writes.push({ identity, at: new Date(now) }).then(isEntered => { if (!isEntered) again() }, err => {
        again()
        log.warn({ err }, 'a directory entry is not written for now')
      })
      await within(touchPatience, written)
    },

    async get (userId, otherId) {
      const acquainted = await acquaintance.among(userId, [otherId])
      const [hidden, found] = await Promise.all([acquaintance.hidden(userId), profiles.of([otherId], { askAgain: true })])
      if (!found.has(otherId) || hidden.has(otherId)) throw new ProblemError('user_not_found')
      const [user] = await show([otherId], acquainted, Promise.resolve(found))
      return user as User
    },

    async list (userId, { q, limit = 20, pageToken }) {
      const prefix = q === undefined ? '' : nameKeyOf(q)
      const scope = [userId, 'users', prefix]
      const after = pageToken === undefined ? undefined : pageTokens.read<IndexKeys>(scope, pageToken)
      const [{ userIds, next }, hidden] = await Promise.all([readDirectory(entities, { prefix, limit, after }), acquaintance.hidden(userId)])
      const others = userIds.filter(id => id !== userId && !hidden.has(id))
      return {
        users: await show(others, await acquaintance.among(userId, others), profiles.of(others, { askAgain: true })),
        nextPageToken: next === undefined ? null : pageTokens.issue(scope, next)
      }
    }
  }
}
