import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import fastq from 'fastq'
import type { BackPlane } from '../hub/back-plane.js'
import type { Hub } from '../hub/hub.js'
import type { Conversations } from '../services/messaging/conversations.js'
import type { Acquaintance } from '../services/users/acquaintance.js'
import type { Users } from '../services/users/users.js'

/** How many are announced at once; more when an instance ends, because all that are left leave together. */
const concurrency = 4
const endingConcurrency = 16
/** How many partners are asked for and told at once. */
const batch = 100

/** That a user may have come or gone. */
interface Change {
  /** What the others believe. */
  wasOnline: Promise<boolean>
  at: Date
}

/**
 * Tells a user's acquaintances when the user comes or goes, and notes when the user was last seen. The first connection
 * anywhere and the last one count, and only what has held for `hub.limits.presenceHold`: who reloads a page, changes networks
 * or is moved from an instance that ends to another one has not been gone. Who moves is told to be online once more.
 * Best effort: a failure is logged, the next change is told again.
 * @returns ends it, with a promise of when all that is left is told
 */
export function announcePresence ({ hub, backPlane, conversations, acquaintance, users, log }: {
  hub: Hub, backPlane: BackPlane, conversations: Conversations, acquaintance: Acquaintance, users: Users, log: FastifyBaseLogger
}): () => Promise<void> {
  const hold = hub.limits.presenceHold
  const held = new Map<string, Change & { timer: NodeJS.Timeout }>()
  const queue = fastq.promise(async ({ userId, change }: { userId: string, change: Change }) => {
    await settle(userId, change).catch(err => log.warn({ err }, 'presence was not announced'))
  }, concurrency)
  let ending = false

  async function isOnline (userId: string) {
    return hub.isOnline(userId) || (await backPlane.online([userId])).has(userId)
  }

  /** Tells what a user is now, if that isn't what the others believe. */
  async function settle (userId: string, { wasOnline, at }: Change) {
    const online = await isOnline(userId)
    if (online === await wasOnline) return
    if (!online) await users.seen(userId, at)
    const event = { type: 'presence', data: { userId, online, lastSeenAt: at.toISOString() } } as const
    const partners = await conversations.partners(userId)
    for (let n = 0; n < partners.length; n += batch) {
      if (n > 0) await nextTurn()
      const some = partners.slice(n, n + batch)
      const elsewhere = await backPlane.online(some.filter(partner => !hub.isOnline(partner)))
      const told = await acquaintance.among(userId, some.filter(partner => elsewhere.has(partner) || hub.isOnline(partner)))
      // The user may have come back or left meanwhile: then a later announcement tells.
      if (await isOnline(userId) !== online) return
      hub.publish([...told], event)
    }
  }

  function enqueue (userId: string, change: Change) {
    // It resolves when all is told, which nobody waits for here.
    queue.push({ userId, change }).catch(() => {})
  }

  /** Waits until nothing has changed for a while. */
  function holdBack (userId: string, wasOnline: Promise<boolean>) {
    const before = held.get(userId)
    clearTimeout(before?.timer)
    const change = { wasOnline: before?.wasOnline ?? wasOnline, at: new Date() }
    const timer = setTimeout(() => {
      held.delete(userId)
      enqueue(userId, change)
    }, hold).unref()
    held.set(userId, { ...change, timer })
  }

  hub.on('online', ({ userId }, first) => holdBack(userId, first.then(isFirst => !isFirst)))
  // It was connected here, so that the others believe it whether or not it was the last anywhere.
  hub.on('offline', ({ userId }) => holdBack(userId, Promise.resolve(true)))
  hub.on('abandoned', (userIds, at) => {
    if (!ending) for (const userId of userIds) enqueue(userId, { wasOnline: Promise.resolve(true), at: new Date(at) })
  })
  hub.on('returned', userIds => {
    if (!ending) for (const userId of userIds) enqueue(userId, { wasOnline: Promise.resolve(false), at: new Date() })
  })
  return async () => {
    ending = true
    queue.concurrency = endingConcurrency
    // Nobody comes any more; those who left last may come back elsewhere.
    while (held.size > 0) await sleep(hold)
    await queue.drained()
  }
}
