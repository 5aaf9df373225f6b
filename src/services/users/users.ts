import type { FastifyBaseLogger } from 'fastify'
import type { ListUsersQuery, User, UserPage } from '../../../schemas/user.js'
import type { Entities } from '../../database/entities/index.js'
import { readIndexKeys, type IndexKeys } from '../../database/index-keys.js'
import type { Identity } from '../../auth/identity.js'
import { getAll } from '../../database/get-all.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { within } from '../../shared/within.js'
import { ProblemError } from '../../wire/problem-error.js'
import { pairOf } from '../messaging/pair.js'

/** How long a user's entry is left alone, in milliseconds. */
const touchInterval = 60 * 60 * 1000
/** When an entry that couldn't be written is tried again, in milliseconds. */
const touchAgain = 5000
/** How long an entry is waited for, in milliseconds: normally a newcomer is in the directory when the first answer comes. */
const touchPatience = 200
/** How many users are remembered as touched. */
const maxRemembered = 50_000

/** Which of some users have a live connection. */
export type OnlineUsers = (userIds: string[]) => Promise<ReadonlySet<string>>

export interface Users {
  /**
   * Writes the directory entry, at most once an hour for each user and name. Costs 1 WCU then, 2 the first time. Waits for it
   * a short while only, and never fails: nobody's request depends on it.
   */
  touch: (identity: Identity) => Promise<void>
  /** Writes when the user was last seen, at once. Costs 1 WCU. */
  seen: (user: Pick<Identity, 'userId' | 'username'>, at: Date) => Promise<void>
  /** Users as others see them, in the order asked for; one that never came has the id for a name. */
  profiles: (userIds: string[]) => Promise<User[]>
  /**
   * Another user as in the list. Costs half an RCU.
   * @throws ProblemError user_not_found for one that never came, self_conversation, reserved_user_id
   */
  get: (userId: string, otherId: string) => Promise<User>
  /**
   * Other users ordered by name. A page may be one short, because it leaves out the caller.
   * @throws ProblemError invalid_page_token
   */
  list: (userId: string, query: ListUsersQuery) => Promise<UserPage>
}

export function createUsers ({ entities, online, pageTokens, log }: {
  entities: Entities, online: OnlineUsers, pageTokens: PageTokens, log: FastifyBaseLogger
}): Users {
  const touched = new Map<string, { username: string, at: number }>()

  function remember (userId: string, username: string, at: number) {
    touched.delete(userId)
    touched.set(userId, { username, at })
    if (touched.size > maxRemembered) touched.delete(touched.keys().next().value as string)
  }

  async function write ({ userId, username }: Pick<Identity, 'userId' | 'username'>, at: Date) {
    await entities.entities.user.upsert({
      userId, username, nameKey: nameKeyOf(username), lastSeenAt: at.toISOString()
    }).go()
    remember(userId, username, at.getTime())
  }

  /** Users as others see them, and whether each was ever here. */
  async function look (userIds: string[]): Promise<Array<{ user: User, isKnown: boolean }>> {
    const [found, onlineIds] = await Promise.all([
      getAll(keys => entities.entities.user.get(keys).go({ concurrent: 2 }), userIds.map(userId => ({ userId }))),
      online(userIds)
    ])
    const items = new Map(found.map(item => [item.userId, item]))
    return userIds.map(userId => {
      const item = items.get(userId)
      const user = { userId, username: item?.username ?? userId, online: onlineIds.has(userId), lastSeenAt: item?.lastSeenAt ?? null }
      return { user, isKnown: item !== undefined }
    })
  }

  async function profiles (userIds: string[]): Promise<User[]> {
    return (await look(userIds)).map(({ user }) => user)
  }

  return {
    profiles,
    seen: write,

    async touch (identity) {
      const { userId, username } = identity
      const last = touched.get(userId)
      const now = Date.now()
      if (last !== undefined && last.username === username && now - last.at < touchInterval) return
      remember(userId, username, now)
      const written = write(identity, new Date(now)).catch(err => {
        remember(userId, username, now - touchInterval + touchAgain)
        log.warn({ err }, 'a directory entry is not written for now')
      })
      await within(touchPatience, written)
    },

    async get (userId, otherId) {
      // Who may not be messaged is nobody's other user.
      pairOf(userId, otherId)
      const [found] = await look([otherId])
      if (found?.isKnown !== true) throw new ProblemError('user_not_found')
      return found.user
    },

    async list (userId, { q, limit = 20, pageToken }) {
      const prefix = q === undefined ? '' : nameKeyOf(q)
      const scope = [userId, 'users', prefix]
      const after = pageToken === undefined ? undefined : pageTokens.read<IndexKeys>(scope, pageToken)
      const index = entities.entities.user.query.directory({})
      const { keys, more } = await readIndexKeys(prefix === '' ? index : index.begins({ nameKey: prefix }), {
        limit, order: 'asc', after
      })
      const userIds = keys.map(({ pk = '' }) => pk.slice('user#'.length))
      return {
        users: await profiles(userIds.filter(id => id !== userId)),
        nextPageToken: more ? pageTokens.issue(scope, keys.at(-1)) : null
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
