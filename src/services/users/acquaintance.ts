import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import { BoundedMap } from '../../shared/bounded-map.js'
import type { BlockRelations } from '../contact/block-relations.js'
import type { HappeningListener } from '../happenings.js'
import { areAcquainted, haveBothWritten } from '../messaging/head.js'
import { pairOf } from '../messaging/pair.js'

/** How long it is remembered that two users aren't acquainted: they may have become so on another instance. In milliseconds. */
const strangersFor = 3000
/** How many pairs are remembered of each kind. */
const maxPairs = 50_000

/**
 * Who may see whom. Two users are acquainted once both have written to each other, from then on, except while one has blocked the other:
 * each may know when the other is there, types and reads. Of a block other instances know after seconds.
 */
export interface Acquaintance {
  /**
   * Who of some others is acquainted with a user. Costs half an RCU for each pair that isn't remembered, and half a one every few seconds for blocks.
   * @throws ProblemError self_conversation, reserved_user_id, database_unavailable
   */
  among: (userId: string, otherIds: readonly string[]) => Promise<Set<string>>
  /** Whom a user may not find, nor be found by: those between whom and the user there is a block. Costs half an RCU every few seconds. */
  hidden: (userId: string) => Promise<ReadonlySet<string>>
  /** Remembers what a head says. @returns whether its members are acquainted */
  learn: (head: ConversationItem) => boolean
  /** Something was said on another instance: whoever are strangers are asked about again, and for a while each time. */
  reconsider: (conversationId: string) => void
  /** Learns from messages that they are, so that an answer counts at once. */
  listener: HappeningListener
}

export function createAcquaintance ({ entities, relations }: { entities: Entities, relations: BlockRelations }): Acquaintance {
  /** Who have written to each other, whoever has blocked whom since. */
  const acquainted = new BoundedMap<string, true>(maxPairs)
  /** Until when two count as strangers, by conversation. */
  const strangers = new BoundedMap<string, number>(maxPairs)
  /** Until when it isn't remembered that two are strangers, by conversation: the answer may be on its way that was true before. */
  const unsettled = new BoundedMap<string, number>(maxPairs)

  function remember (conversationId: string, areSo: boolean): boolean {
    const now = performance.now()
    if (areSo) acquainted.set(conversationId, true)
    else if ((unsettled.get(conversationId) ?? 0) <= now) strangers.set(conversationId, now + strangersFor)
    return areSo
  }

  function recall (conversationId: string): boolean | undefined {
    if (acquainted.has(conversationId)) return remember(conversationId, true)
    return (strangers.get(conversationId) ?? 0) > performance.now() ? false : undefined
  }

  return {
    async among (userId, otherIds) {
      const pairs = otherIds.map(otherId => pairOf(userId, otherId).conversationId)
      const unknown = pairs.filter(conversationId => recall(conversationId) === undefined)
      const heads = await entities.direct.conversation.getAll(unknown.map(conversationId => ({ conversationId })), { consistent: false })
      const found = new Set(heads.filter(haveBothWritten).map(({ conversationId }) => conversationId))
      for (const conversationId of unknown) remember(conversationId, found.has(conversationId))
      // Not what is remembered now: with more pairs than that a part would be forgotten already.
      const known = otherIds.filter((_otherId, n) => found.has(pairs[n]!) || recall(pairs[n]!) === true)
      if (known.length === 0) return new Set()
      const hidden = await relations.of(userId)
      return new Set(known.filter(otherId => !hidden.has(otherId)))
    },

    hidden: async userId => await relations.of(userId),

    learn: head => {
      remember(head.conversationId, haveBothWritten(head))
      // It may have been read before it was written here that one has blocked the other.
      return areAcquainted(head) && !relations.isKnown(head.firstId, head.secondId)
    },

    reconsider: conversationId => {
      if (acquainted.has(conversationId)) return
      strangers.delete(conversationId)
      unsettled.set(conversationId, performance.now() + strangersFor)
    },

    listener: happening => {
      if (happening.type !== 'message') return
      const { conversationId, seq, senderCount } = happening.message
      // What the sender has not sent of all messages up to this one, the other has.
      if (seq > senderCount) remember(conversationId, true)
    }
  }
}
