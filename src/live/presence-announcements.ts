import type { FastifyBaseLogger } from 'fastify'
import fastq from 'fastq'
import type { BackPlane } from '../hub/back-plane.js'
import type { Hub } from '../hub/hub.js'
import type { Identity } from '../auth/identity.js'
import type { Conversations } from '../services/messaging/conversations.js'
import type { Users } from '../services/users/users.js'

/** How many are announced at once: all that are left leave together when an instance ends. */
const concurrency = 16

/**
 * Tells those who share a conversation with a user when the user comes or goes, and notes when the user was last seen.
 * The first connection anywhere and the last one count. Best effort: a failure is logged, the next one is told again.
 * @returns ends it, with a promise of all that is being told now
 */
export function announcePresence ({ hub, backPlane, conversations, users, log }: {
  hub: Hub, backPlane: BackPlane, conversations: Conversations, users: Users, log: FastifyBaseLogger
}): () => Promise<unknown> {
  const queue = fastq.promise(async (tell: () => Promise<void>) => {
    await tell().catch(err => log.warn({ err }, 'presence was not announced'))
  }, concurrency)
  let ending = false

  async function announce (userId: string, online: boolean, at: Date) {
    const partners = await conversations.partners(userId)
    const present = await backPlane.online([userId, ...partners])
    // The user may have come back or left while the partners were read: then a later announcement tells.
    if (present.has(userId) !== online) return
    hub.publish(partners.filter(partner => present.has(partner)), { type: 'presence', data: { userId, online, lastSeenAt: at.toISOString() } })
  }

  async function left (user: Pick<Identity, 'userId' | 'username'>, at: Date) {
    await users.seen(user, at)
    await announce(user.userId, false, at)
  }

  async function abandoned (userId: string, at: Date) {
    const [user] = await users.profiles([userId])
    if (user !== undefined && !user.online) await left(user, at)
  }

  function enqueue (tell: () => Promise<void>) {
    // It resolves when all is told, which nobody waits for here.
    queue.push(tell).catch(() => {})
  }

  hub.on('online', (identity, first) => {
    const at = new Date()
    enqueue(async () => { if (await first) await announce(identity.userId, true, at) })
  })
  hub.on('offline', (identity, last) => {
    const at = new Date()
    enqueue(async () => { if (await last) await left(identity, at) })
  })
  hub.on('abandoned', (userIds, at) => {
    for (const userId of userIds) enqueue(async () => { if (!ending) await abandoned(userId, new Date(at)) })
  })
  hub.on('returned', userIds => {
    const at = new Date()
    for (const userId of userIds) enqueue(async () => { if (!ending) await announce(userId, true, at) })
  })
  return () => {
    ending = true
    return queue.drained()
  }
}
