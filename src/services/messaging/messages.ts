import type { ListMessagesQuery, Message, MessagePage, SendMessage } from '../../../schemas/message.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { Append } from './append.js'
import { showMessage, showOffers } from './message-views.js'
import { PageBudget } from './page-budget.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { pairOf } from './pair.js'
import type { OpenTrade } from '../trading/openings.js'
import type { Trades } from '../trading/trades.js'
import type { Clock } from '../../shared/clock.js'

/** The largest `seq` that the key has room for. */
const lastSeq = 999_999_999_999

export interface Messages {
  /**
   * Sends a message.
   * @throws ProblemError self_conversation, reserved_user_id, idempotency_key_reused, conversation_busy
   */
  send: (senderId: string, receiverId: string, body: SendMessage, idempotencyKey?: string) => Promise<{ message: Message, replayed: boolean }>
  /**
   * A page of the conversation with another user, of a bounded size; empty if there is none. Costs what its items weigh: 5 RCU for 20 of
   * 1 KB, and 1 for each trade offer among them.
   * @throws ProblemError self_conversation, reserved_user_id, invalid_page_token
   */
  list: (userId: string, otherId: string, query: ListMessagesQuery) => Promise<MessagePage>
}

export function createMessages ({ entities, append, openTrade, pageTokens, trades, clock }: {
  entities: Entities, append: Append, openTrade: OpenTrade, pageTokens: PageTokens, trades: Trades, clock: Clock
}): Messages {
  return {
    async send (senderId, receiverId, body, idempotencyKey) {
      const sent = body.messageType === 'tradeOffer'
        ? await openTrade(senderId, receiverId, body, idempotencyKey)
        : await sendText(senderId, receiverId, body.text, idempotencyKey)
      return { message: showMessage(sent), replayed: sent.replayed }
    },

    async list (userId, otherId, { limit = 20, order = 'desc', beforeSeq, afterSeq, pageToken }) {
      const { conversationId } = pairOf(userId, otherId)
      const scope = [userId, 'messages', conversationId, order, beforeSeq, afterSeq]
      const page = pageToken === undefined ? undefined : pageTokens.read<{ seq: number }>(scope, pageToken)
      let from = (afterSeq ?? 0) + 1
      let to = (beforeSeq ?? lastSeq + 1) - 1
      if (page !== undefined && order === 'asc') from = page.seq + 1
      if (page !== undefined && order === 'desc') to = page.seq - 1
      if (from > to) return { messages: [], offers: [], nextPageToken: null }
      const { items, more } = await readTimeline(conversationId, { from, to, order, limit })
      const offers = await trades.stored(items.flatMap(({ offerId }) => offerId ?? []), { consistent: true })
      const found = items.map(message => ({ message, offer: offers.get(message.offerId ?? '') }))
      return {
        messages: found.map(showMessage),
        offers: showOffers(found, clock.now()),
        nextPageToken: more ? pageTokens.issue(scope, { seq: items.at(-1)?.seq }) : null
      }
    }
  }

  /** Reads the messages of a page, each once: as many as are asked for and there is room for. */
  async function readTimeline (conversationId: string, { from, to, order, limit }: { from: number, to: number, order: 'asc' | 'desc', limit: number }) {
    const budget = new PageBudget()
    const items: MessageItem[] = []
    for (let [first, last] = [from, to]; ;) {
      const found = await entities.direct.message.between({ conversationId, seq: first }, { conversationId, seq: last }, {
        limit: Math.min(limit - items.length, budget.room), order
      })
      items.push(...budget.take(found.items))
      const { seq } = items.at(-1) ?? { seq: order === 'asc' ? to : from }
      if (order === 'asc') first = seq + 1
      else last = seq - 1
      // Without holes, descending pages know by `seq` where they end.
      const more = found.items.length > 0 && first <= last && (order === 'desc' || budget.isSpent || found.more)
      if (!more || budget.isSpent || items.length === limit) return { items, more }
    }
  }

  async function sendText (senderId: string, receiverId: string, text: string, idempotencyKey?: string) {
    const pair = pairOf(senderId, receiverId)
    const compose = () => ({ content: { messageType: 'text' as const, text } })
    return await append({ pair, senderId, receiverId, compose, idempotencyKey, asked: ['text', text] })
  }
}
