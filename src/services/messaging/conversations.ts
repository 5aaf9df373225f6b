import type {
  Conversation, ConversationPage, ConversationWithCursor, ListConversationsQuery
} from '../../../schemas/conversation.js'
import { parseIndexSortKey, type ConversationItem, type IndexPlace } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import { ProblemError } from '../../wire/problem-error.js'
import { areAcquainted, haveBothWritten, perspective, unreadCount } from './head.js'
import type { Clock } from '../../shared/clock.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { pairOf } from './pair.js'
import { withoutEnd } from '../contact/mutes.js'
import type { BeginList } from '../catch-up/list-cursors.js'
import type { Acquaintance } from '../users/acquaintance.js'
import type { Users } from '../users/users.js'

export interface Conversations {
  /**
   * A user's conversations, most recent first. The index follows activity with a delay of at most a minute; within a page
   * the order is exact. Costs about 22 RCU for 20: the keys, then the heads and the users in batches.
   * @throws ProblemError invalid_page_token
   */
  list: (userId: string, query: ListConversationsQuery) => Promise<ConversationPage>
  /**
   * A user's conversation with another one, strongly consistent. Costs 1 RCU, and a half for the other user.
   * @throws ProblemError conversation_not_found, self_conversation, reserved_user_id
   */
  get: (userId: string, otherId: string) => Promise<ConversationWithCursor>
  /** Conversations of a user, of which the heads are known, in their order. Costs half an RCU for each other user whose entry isn't remembered. */
  show: (userId: string, heads: readonly ConversationItem[]) => Promise<Conversation[]>
  /** The heads of the conversations of a user that were active last, about, strongly consistent: 1 RCU each, and 1 for the keys of some 60. */
  newest: (userId: string, limit: number) => Promise<ConversationItem[]>
  /** The users with whom a user shares a conversation, most recent first, at most 1,000. Half an RCU for some 30 of them. */
  partners: (userId: string) => Promise<string[]>
}

const maxPartners = 1000

export function createConversations ({ entities, users, acquaintance, pageTokens, beginList, clock }: {
  entities: Entities, users: Users, acquaintance: Acquaintance, pageTokens: PageTokens, beginList: BeginList, clock: Clock
}): Conversations {
  const { conversation } = entities.direct

  /** The newest places of a user's list after a given one: a user is the first of some pairs and the second of others. */
  async function places (userId: string, limit: number, after?: IndexPlace) {
    const page = { limit, order: 'desc' as const }
    const [first, second] = await Promise.all([
      conversation.readIndex('byFirst', { firstId: userId }, { range: after && { below: { indexedAt: after.indexedAt, secondId: after.otherId } }, ...page }),
      conversation.readIndex('bySecond', { secondId: userId }, { range: after && { below: { indexedAt: after.indexedAt, firstId: after.otherId } }, ...page })
    ])
    const sorted = [...first.items.map(keys => keys.gsi1sk), ...second.items.map(keys => keys.gsi2sk)]
      .filter(key => key !== undefined)
      .sort()
      .reverse()
    return {
      found: sorted.slice(0, limit).map(parseIndexSortKey),
      more: sorted.length > limit || first.more || second.more
    }
  }

  /** The heads of conversations, the one that was active last first. */
  async function heads (userId: string, found: IndexPlace[], { consistent }: { consistent: boolean }) {
    const keys = found.map(({ otherId }) => ({ conversationId: pairOf(userId, otherId).conversationId }))
    const items = await conversation.getAll(keys, { consistent })
    return items.sort((a, b) => compare(b.lastMessage.timestamp, a.lastMessage.timestamp) || compare(b.conversationId, a.conversationId))
  }

  async function show (userId: string, items: readonly ConversationItem[]): Promise<Conversation[]> {
    const acquainted = new Set(items.filter(acquaintance.learn).map(head => perspective(head, userId).otherId))
    const others = await users.profiles(items.map(head => perspective(head, userId).otherId), acquainted)
    const now = clock.now()
    return items.map((head, n) => toConversation(head, userId, others[n] as Conversation['otherUser'], now))
  }

  return {
    show,

    async list (userId, { limit = 20, pageToken }) {
      const scope = [userId, 'conversations']
      const after = pageToken === undefined ? undefined : pageTokens.read<IndexPlace>(scope, pageToken)
      const cursor = beginList(userId)
      const { found, more } = await places(userId, limit, after)
      const items = await heads(userId, found, { consistent: false })
      return {
        conversations: await show(userId, items),
        nextPageToken: more ? pageTokens.issue(scope, found.at(-1)) : null,
        cursor: cursor()
      }
    },

    async get (userId, otherId) {
      const { conversationId } = pairOf(userId, otherId)
      const cursor = beginList(userId)
      const head = await conversation.get({ conversationId }, { consistent: true })
      if (head === undefined) throw new ProblemError('conversation_not_found')
      const [shown] = await show(userId, [head])
      return { cursor: cursor(), ...shown as Conversation }
    },

    async newest (userId, limit) {
      const { found } = await places(userId, limit)
      return await heads(userId, found, { consistent: true })
    },

    async partners (userId) {
      const { found } = await places(userId, maxPartners)
      return found.map(({ otherId }) => otherId)
    }
  }
}

function compare (a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** A conversation as one of its members sees it. @param now ms since the epoch */
export function toConversation (head: ConversationItem, userId: string, otherUser: Conversation['otherUser'], now: number): Conversation {
  const { own, other } = perspective(head, userId)
  const muted = own.mutedUntil > now
  return {
    conversationId: head.conversationId,
    otherUser,
    lastMessage: { seq: head.seq, ...head.lastMessage, text: head.lastMessage.text ?? '' },
    seq: head.seq,
    unreadCount: unreadCount(head, userId),
    lastReadSeq: own.readSeq,
    otherLastReadSeq: areAcquainted(head) ? other.readSeq : 0,
    contact: haveBothWritten(head) ? 'established' : other.sent > 0 ? 'requested' : 'awaited',
    blocked: own.blockedAt !== undefined,
    muted,
    mutedUntil: muted && own.mutedUntil < withoutEnd ? new Date(own.mutedUntil).toISOString() : null,
    updatedAt: head.lastMessage.timestamp
  }
}
