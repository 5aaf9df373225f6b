import type { Config } from '../../../schemas/config.js'
import type { BlockItem } from '../../database/entities/block.js'
import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Content } from '../messaging/advance.js'
import type { Beside } from '../messaging/commit.js'
import { perspective } from '../messaging/head.js'

/** How many messages somebody may write who wasn't answered yet; one of them may be an offer. */
export const maxUnanswered = 3
/** How many conversations somebody may begin in a day, by UTC. */
export const maxNewConversations = 20

const day = 24 * 60 * 60 * 1000

/** What somebody wants to write to whom. */
export interface Wish {
  senderId: string
  receiverId: string
  content: Content
}

/** What a first message is written on condition of. */
export interface Beginning {
  beside: Beside[]
  /** Why it wasn't written, once one of those was refused. */
  refusal: () => ProblemError | undefined
}

/** Who may write to whom. */
export interface ContactRules {
  /**
   * Why a message can't be written after a head, as far as that tells. Costs 1 RCU where it is the first one and nobody may write one.
   * @returns blocked, contact_not_allowed or reply_awaited; nothing if it may
   */
  refusalAfter: (head: ConversationItem | undefined, wish: Wish) => Promise<ProblemError | undefined>
  /**
   * What the first message of a conversation needs. Costs 2 WCU for the check that there is no block, and 2 for the count of new conversations,
   * where they are limited.
   * @param now ms since the epoch
   */
  begin: (wish: Wish, now: number) => Beginning
}

/** Whether a message ends an offer: that passes, whoever has blocked whom. */
export function isEnding ({ action }: Content): boolean {
  return action === 'reject' || action === 'withdraw' || action === 'expire'
}

/** @param mode who may write first */
export function createContactRules ({ entities: { direct }, mode }: { entities: Entities, mode: Config['FIRST_CONTACT'] }): ContactRules {
  /** The rule for who wasn't answered yet; what an integration writes is the operator's affair. */
  function firstContactRefusal (head: ConversationItem | undefined, { senderId, content }: Wish): ProblemError | undefined {
    if (mode === 'open' || content.via !== undefined || head?.introduced === true) return undefined
    const { own, other } = head === undefined ? { own: { sent: 0 }, other: { sent: 0 } } : perspective(head, senderId)
    if (other.sent > 0) return undefined
    if (mode === 'contacts') return new ProblemError('contact_not_allowed')
    const isOfferTooMany = content.messageType === 'tradeOffer' && head?.offered === true
    return own.sent >= maxUnanswered || isOfferTooMany ? new ProblemError('reply_awaited') : undefined
  }

  return {
    async refusalAfter (head, wish) {
      const { senderId, receiverId, content } = wish
      if (isEnding(content)) return undefined
      if (head !== undefined) {
        const { own, other } = perspective(head, senderId)
        if (own.blockedAt !== undefined) return new ProblemError('blocked')
        if (other.blockedAt !== undefined) return new ProblemError('contact_not_allowed')
      }
      const refusal = firstContactRefusal(head, wish)
      if (refusal === undefined || head !== undefined) return refusal
      // Who has blocked the other is told what to do about it.
      return refusalOf(await direct.block.get({ userId: senderId, otherId: receiverId }, { consistent: true })) ?? refusal
    },

    begin ({ senderId, receiverId, content }, now) {
      let unblocked: ProblemError | undefined
      let uncounted: ProblemError | undefined
      const beside: Beside[] = [{
        write: direct => direct.block.check({ userId: senderId, otherId: receiverId }, { absent: true }),
        refused: found => { unblocked = refusalOf(found as BlockItem | null) }
      }]
      if (mode === 'replies' && content.via === undefined) {
        const end = (Math.floor(now / day) + 1) * day
        const count = { userId: senderId, day: new Date(now).toISOString().slice(0, 10), ttl: end / 1000 }
        const headers = { 'retry-after': String(Math.ceil((end - now) / 1000)) }
        beside.push({
          write: direct => direct.contactCount.count(count, 'count', maxNewConversations),
          refused: () => { uncounted = new ProblemError('contact_limit', undefined, { headers }) }
        })
      }
      return { beside, refusal: () => unblocked ?? uncounted }
    }
  }
}

function refusalOf (block: BlockItem | null | undefined): ProblemError | undefined {
  if (block == null) return undefined
  return new ProblemError(block.blockedAt === undefined ? 'contact_not_allowed' : 'blocked')
}
