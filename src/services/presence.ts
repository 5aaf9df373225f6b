import type { FastifyBaseLogger } from 'fastify'
import type { BackPlane } from '../hub/back-plane.js'
import type { Hub } from '../hub/hub.js'
import type { Identity } from '../auth/identity.js'
import type { Conversations } from './conversations.js'
import type { Users } from './users.js'

/**
 * Tells those who share a conversation with a user when the user comes or goes, and notes when the user was last seen.
 * The first connection anywhere and the last one count. Best effort: a failure is logged, the next one is told again.
 * @returns a promise of all that is being told now, for an orderly end
 */
export function announcePresence ({ hub, backPlane, conversations, users, log }: {
  hub: Hub, backPlane: BackPlane, conversations: Conversations, users: Users, log: FastifyBaseLogger
}): () => Promise<unknown> {
  const pending = new Set<Promise<void>>()

  async function announce (identity: Identity, online: boolean, changed: Promise<boolean>) {
    const { userId } = identity
    const at = new Date()
    if (!await changed) return
    try {
      if (!online) await users.seen(identity, at)
      const partners = await conversations.partners(userId)
      const present = await backPlane.online([userId, ...partners])
      // The user may have come back or left while the partners were read: then a later announcement tells.
      if (present.has(userId) !== online) return
      hub.publish(partners.filter(partner => present.has(partner)), { type: 'presence', data: { userId, online, lastSeenAt: at.toISOString() } })
    } catch (err) {
      log.warn({ err }, 'presence was not announced')
    }
  }

  function track (identity: Identity, online: boolean, changed: Promise<boolean>) {
    const work = announce(identity, online, changed).finally(() => pending.delete(work))
    pending.add(work)
  }

  hub.on('online', (identity, first) => track(identity, true, first))
  hub.on('offline', (identity, last) => track(identity, false, last))
  return () => Promise.all(pending)
}
