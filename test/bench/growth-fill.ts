import { directoryShardOf } from '../../src/database/entities/user.js'
import { pairOf } from '../../src/services/messaging/pair.js'
import type { GrowthApp } from './growth-app.js'

/** What there can be much of. */
export type Kind = 'messages' | 'conversations' | 'offers' | 'users'

const chunk = 10_000
const hour = 3600_000
/** When the n-th of many was made: all of them lie more than an hour back. */
const timeOf = (n: number) => Date.now() - hour - (1_000_000 - n) * 100

/**
 * Gives the user `user` ever more of a kind. The first is made by the server itself, the others are written like it.
 * @param there how many there are
 * @param size how many there are to be
 */
export async function fill (site: GrowthApp, kind: Kind, there: number, size: number): Promise<void> {
  if (there === 0) await begin(site, kind)
  const write = await writers[kind](site)
  for (let n = Math.max(there, 1); n < size; n += chunk) {
    await write(Array.from({ length: Math.min(chunk, size - n) }, (_, index) => n + index))
  }
}

async function begin ({ ask }: GrowthApp, kind: Kind) {
  const offer = { messageType: 'tradeOffer', pricePerUnit: 0.27, totalAmount: 12.5, startTime: new Date(Date.now() + 24 * hour).toISOString() }
  for (const [userId, to] of [['friend', 'user'], ['user', 'friend']] as const) {
    await ask(userId, { method: 'POST', url: `/api/messages/${to}`, payload: kind === 'offers' ? offer : { text: 'first' } })
  }
}

const writers: Record<Kind, (site: GrowthApp) => Promise<(numbers: number[]) => Promise<unknown>>> = {
  async messages ({ app }) {
    const { conversation, message } = app.entities.entities
    const pair = pairOf('user', 'friend')
    const { data: first } = await message.get({ conversationId: pair.conversationId, seq: 1 }).go()
    return async numbers => {
      await message.put(numbers.map(n => ({ ...first!, seq: n + 1, messageId: `message-${n}`, senderCount: n + 1, timestamp: new Date(timeOf(n)).toISOString() }))).go({ concurrent: 8 })
      // The head tells of the last of them, all of them the friend's but one.
      const seq = numbers.at(-1)! + 1
      await conversation.patch({ conversationId: pair.conversationId }).set({ seq, firstSent: seq - 1, secondSent: 1 }).go()
    }
  },

  async conversations ({ app }) {
    const { conversation } = app.entities.entities
    const { data: head } = await conversation.get({ conversationId: pairOf('user', 'friend').conversationId }).go()
    return async numbers => await conversation.put(numbers.map(n => ({
      ...head!, ...pairOf('user', `${n % 2 === 0 ? 'a' : 'z'}-${n}`), indexedAt: timeOf(n), lastMessage: { ...head!.lastMessage, timestamp: new Date(timeOf(n)).toISOString() }
    }))).go({ concurrent: 8 })
  },

  async offers ({ app, ask }) {
    const { tradeOffer } = app.entities.entities
    const { trades } = await ask<{ trades: Array<{ messageId: string }> }>('user', { url: '/api/messages/trades' })
    const { data: offer } = await tradeOffer.get({ messageId: trades[0]!.messageId }).go()
    // Nine of ten are closed, as with a user who has traded for years.
    return async numbers => await tradeOffer.put(numbers.map(n => ({
      ...offer!, messageId: `offer-${n}`, createdAt: timeOf(n), ...n % 10 === 0 ? {} : { status: 'accepted' as const, awaiting: 'nobody' as const }
    }))).go({ concurrent: 8 })
  },

  async users ({ app }) {
    const { user } = app.entities.entities
    return async numbers => await user.put(numbers.map(n => ({
      userId: `user-${n}`, username: `User ${n}`, nameKey: `user ${n}`, lastSeenAt: new Date(timeOf(n)).toISOString(), shard: directoryShardOf(`user-${n}`)
    }))).go({ concurrent: 8 })
  }
}
