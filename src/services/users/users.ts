import type { FastifyBaseLogger } from 'fastify'
import type { ListUsersQuery, User, UserPage } from '../../../schemas/user.js'
import type { Entities } from '../../database/entities/index.js'
import { directoryShardOf } from '../../database/entities/user.js'
import type { IndexKeys } from '../../database/index-keys.js'
import type { Identity } from '../../auth/identity.js'
import { conditionFailure } from '../../database/faults.js'
import { getAll } from '../../database/get-all.js'
import { BoundedMap } from '../../shared/bounded-map.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { within } from '../../shared/within.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Acquaintance } from './acquaintance.js'
import { readDirectory } from './directory.js'

/** How long a user's entry is left alone, in milliseconds. */
const touchInterval = 60 * 60 * 1000
/** When an entry that couldn't be written is tried again, in milliseconds. */
const touchAgain = 5000
/** How long an entry is waited for, in milliseconds: normally a newcomer is in the directory when the first answer comes. */
const touchPatience = 200
/** How many users are remembered as touched. */
const maxRemembered = 50_000

/** Which of some users have a live connection. */
export type OnlineUsers = (userIds: readonly string[]) => Promise<ReadonlySet<string>>

export interface Users {
  /**
   * Writes the directory entry, at most once an hour for each user and name. Costs 1 WCU then, 2 the first time. Waits for it
   * a short while only, and never fails: nobody's request depends on it.
   */
  touch: (identity: Identity) => Promise<void>
  /** Writes when the user was last seen, unless the entry says later or isn't there. Costs 1 WCU. */
  seen: (userId: string, at: Date) => Promise<void>
  /**
   * Users as somebody sees them, in the order asked for; one that never came has the id for a name. Costs half an RCU each.
   * @param acquainted those of whom is said whether they are online and when they were last seen
   */
  profiles: (userIds: readonly string[], acquainted: ReadonlySet<string>) => Promise<User[]>
  /**
   * Another user as in the list. Costs half an RCU, and another one where it isn't remembered whether the two are acquainted.
   * @throws ProblemError user_not_found for one that never came, self_conversation, reserved_user_id
   */
  get: (userId: string, otherId: string) => Promise<User>
  /**
   * Other users ordered by name. A page may be one short, because it leaves out the caller. 20 users cost at most 22 RCU:
   * the keys, the users, and who is acquainted where that isn't remembered.
   * @throws ProblemError invalid_page_token
   */
  list: (userId: string, query: ListUsersQuery) => Promise<UserPage>
}

export function createUsers ({ entities, online, acquaintance, pageTokens, log }: {
  entities: Entities, online: OnlineUsers, acquaintance: Acquaintance, pageTokens: PageTokens, log: FastifyBaseLogger
}): Users {
  const touched = new BoundedMap<string, { username: string, at: number }>(maxRemembered)

  async function write ({ userId, username }: Identity, at: Date) {
    await entities.entities.user.upsert({
      userId, username, nameKey: nameKeyOf(username), lastSeenAt: at.toISOString(), shard: directoryShardOf(userId)
    }).go()
  }

  /** Users as others see them, and whether each was ever here. */
  async function look (userIds: readonly string[], acquainted: ReadonlySet<string>): Promise<Array<{ user: User, isKnown: boolean }>> {
    const [found, onlineIds] = await Promise.all([
      getAll(keys => entities.entities.user.get(keys).go({ concurrent: 2 }), userIds.map(userId => ({ userId }))),
      online(userIds.filter(userId => acquainted.has(userId)))
    ])
    const items = new Map(found.map(item => [item.userId, item]))
    return userIds.map(userId => {
      const item = items.get(userId)
      const username = item?.username ?? userId
      const user = acquainted.has(userId)
        ? { userId, username, online: onlineIds.has(userId), lastSeenAt: item?.lastSeenAt ?? null }
        : { userId, username, online: null, lastSeenAt: null }
      return { user, isKnown: item !== undefined }
    })
  }

  async function profiles (userIds: readonly string[], acquainted: ReadonlySet<string>): Promise<User[]> {
    return (await look(userIds, acquainted)).map(({ user }) => user)
  }

  return {
    profiles,

    async seen (userId, at) {
      const lastSeenAt = at.toISOString()
      try {
        await entities.entities.user.patch({ userId }).set({ lastSeenAt }).where((item, { lt }) => lt(item.lastSeenAt, lastSeenAt)).go()
      } catch (error) {
        if (conditionFailure(error) === undefined) throw error
      }
    },

    async touch (identity) {
      const { userId, username } = identity
      const last = touched.get(userId)
      const now = Date.now()
      if (last !== undefined && last.username === username && now - last.at < touchInterval) return
      touched.set(userId, { username, at: now })
      const written = write(identity, new Date(now)).catch(err => {
        touched.set(userId, { username, at: now - touchInterval + touchAgain })
        log.warn({ err }, 'a directory entry is not written for now')
      })
      await within(touchPatience, written)
    },

    async get (userId, otherId) {
      const [found] = await look([otherId], await acquaintance.among(userId, [otherId]))
      if (found?.isKnown !== true) throw new ProblemError('user_not_found')
      return found.user
    },

    async list (userId, { q, limit = 20, pageToken }) {
      const prefix = q === undefined ? '' : nameKeyOf(q)
      const scope = [userId, 'users', prefix]
      const after = pageToken === undefined ? undefined : pageTokens.read<IndexKeys>(scope, pageToken)
      const { userIds, next } = await readDirectory(entities, { prefix, limit, after })
      const others = userIds.filter(id => id !== userId)
      return {
        users: await profiles(others, await acquaintance.among(userId, others)),
        nextPageToken: next === undefined ? null : pageTokens.issue(scope, next)
      }
    }
  }
}

/**
 * The form in which names are compared: compatibility forms, letter case and control characters don't matter. It is at
 * most 100 code points.
 */
function nameKeyOf (name: string): string {
  const compared = name.normalize('NFKC').toLowerCase().replace(/\p{Cc}/gu, '').trimStart()
  return Array.from(compared).slice(0, 100).join('')
}
