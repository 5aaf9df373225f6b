import type { FastifyBaseLogger } from 'fastify'
import type { BackPlane } from '../hub/back-plane.js'
import type { Hub } from '../hub/hub.js'
import type { Identity } from '../auth/identity.js'
import type { Conversations } from './conversations.js'
import type { Users } from './users.js'

/**
 * Tells those who share a conversation with a user when the user comes or goes, and notes when the user was last seen.
 * The first connection anywhere and the last one count. Best effort: a failure is logged, the next one is told again.
 * @returns ends it, with a promise of all that is being told now
 */
export function announcePresence ({ hub, backPlane, conversations, users, log }: {
  hub: Hub, backPlane: BackPlane, conversations: Conversations, users: Users, log: FastifyBaseLogger
}): () => Promise<unknown> {
  const pending = new Set<Promise<void>>()
  let ending = false

  async function announce (userId: string, online: boolean, at: Date) {
    const partners = await conversations.partners(userId)
    const present = await backPlane.online([userId, ...partners])
    // The user may have come back or left while the partners were read: then a later announcement tells.
    if (present.has(userId) !== online) return
    hub.publish(partners.filter(partner => present.has(partner)), { type: 'presence', data: { userId, online, lastSeenAt: at.toISOString() } })
  }

  async function arrived ({ userId }: Identity, first: Promise<boolean>) {
    const at = new Date()
    if (await first) await announce(userId, true, at)
  }

  async function left (identity: Identity, last: Promise<boolean>) {
    const at = new Date()
    if (!await last) return
    await users.seen(identity, at)
    await announce(identity.userId, false, at)
  }

  async function abandoned (userId: string, at: Date) {
    const [user] = await users.profiles([userId])
    if (user === undefined || user.online) return
    await users.seen(user, at)
    await announce(userId, false, at)
  }

  /** One after another: they may be thousands. */
  async function each (userIds: readonly string[], tell: (userId: string) => Promise<void>) {
    for (const userId of userIds) {
      if (ending) return
      await attempt(tell(userId))
    }
  }

  async function attempt (work: Promise<void>) {
    await work.catch(err => log.warn({ err }, 'presence was not announced'))
  }

  function track (work: Promise<void>) {
    const tracked = attempt(work).finally(() => pending.delete(tracked))
    pending.add(tracked)
  }

  hub.on('online', (identity, first) => track(arrived(identity, first)))
  hub.on('offline', (identity, last) => track(left(identity, last)))
  hub.on('abandoned', (userIds, at) => track(each(userIds, async userId => await abandoned(userId, new Date(at)))))
  hub.on('returned', userIds => track(each(userIds, async userId => await announce(userId, true, new Date()))))
  return () => {
    ending = true
    return Promise.all(pending)
  }
}
