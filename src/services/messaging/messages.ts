import type { ListMessagesQuery, Message, MessagePage, MessagePageOfUsers, SendMessage } from '../../../schemas/message.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { Place } from './advance.js'
import type { Append, Appended } from './append.js'
import { showMessage, showOffers } from './message-views.js'
import { PageBudget } from './page-budget.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import type { BeginList } from '../catch-up/list-cursors.js'
import { pairOf, type Pair } from './pair.js'
import type { Enclose, Enclosure } from '../attachments/enclose.js'
import type { OpenTrade } from '../trading/openings.js'
import type { Trades } from '../trading/trades.js'
import type { Clock } from '../../shared/clock.js'

/** The largest `seq` that the key has room for. */
const lastSeq = 999_999_999_999

/** What somebody says, in a conversation of which both are members. */
export interface Said {
  pair: Pair
  senderId: string
  receiverId: string
  text?: string
  /** The files that it has. */
  enclosed?: Enclosure
  clientId?: string
  /** The name of the integration that writes it for the sender. */
  via?: string
  idempotencyKey?: string
  /** Whose key that is, if not the sender's. */
  keyOwner?: string
}

export interface Messages {
  /**
   * Sends a message.
   * @throws ProblemError self_conversation, reserved_user_id, idempotency_key_reused, conversation_busy, and as attaching does
   */
  send: (senderId: string, receiverId: string, body: SendMessage, idempotencyKey?: string) => Promise<{ message: Message, replayed: boolean }>
  /** Sends a text. @throws ProblemError idempotency_key_reused, conversation_busy */
  say: (said: Said) => Promise<{ message: Message, replayed: boolean }>
  /**
   * A page of the conversation with another user, of a bounded size; empty if there is none. Costs what its items weigh: 5 RCU for 20 of
   * 1 KB, and 1 for each trade offer among them.
   * @throws ProblemError self_conversation, reserved_user_id, invalid_page_token
   */
  list: (userId: string, otherId: string, query: ListMessagesQuery) => Promise<MessagePage>
  /** The same of any conversation. @param caller to whom the page token is bound @throws ProblemError invalid_page_token */
  page: (caller: string, conversationId: string, query: ListMessagesQuery) => Promise<MessagePageOfUsers>
}

export function createMessages ({ entities, append, enclose, openTrade, pageTokens, trades, clock, beginList }: {
  entities: Entities, append: Append, enclose: Enclose, openTrade: OpenTrade, pageTokens: PageTokens, trades: Trades, clock: Clock, beginList: BeginList
}): Messages {
  return {
    async send (senderId, receiverId, body, idempotencyKey) {
      const pair = pairOf(senderId, receiverId)
      const { text, clientId, attachments } = body
      const enclosed = attachments === undefined ? undefined : await enclose({ senderId, receiverId }, attachments)
      if (body.messageType === 'tradeOffer') return show(await openTrade(senderId, receiverId, body, { enclosed, idempotencyKey }))
      return await say({ pair, senderId, receiverId, text, enclosed, clientId, idempotencyKey })
    },

    say,

    async list (userId, otherId, query) {
      const { conversationId } = pairOf(userId, otherId)
      const cursor = beginList(userId)
      const read = await page(userId, conversationId, query)
      return { cursor: cursor(), ...read }
    },

    page
  }

  async function page (
    caller: string, conversationId: string, { limit = 20, order = 'desc', beforeSeq, afterSeq, pageToken }: ListMessagesQuery
  ): Promise<MessagePageOfUsers> {
    const scope = [caller, 'messages', conversationId, order, beforeSeq, afterSeq]
    const start = pageToken === undefined ? undefined : pageTokens.read<{ seq: number }>(scope, pageToken)
    let from = (afterSeq ?? 0) + 1
    let to = (beforeSeq ?? lastSeq + 1) - 1
    if (start !== undefined && order === 'asc') from = start.seq + 1
    if (start !== undefined && order === 'desc') to = start.seq - 1
    if (from > to) return { messages: [], offers: [], nextPageToken: null }
    const { items, more } = await readTimeline(conversationId, { from, to, order, limit })
    const offers = await trades.stored(items.flatMap(({ offerId }) => offerId ?? []), { consistent: true })
    const found = items.map(message => ({ message, offer: offers.get(message.offerId ?? '') }))
    return {
      messages: found.map(told => showMessage(told, caller)),
      offers: showOffers(found, clock.now()),
      nextPageToken: more ? pageTokens.issue(scope, { seq: items.at(-1)?.seq }) : null
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

  async function say ({ text, enclosed, via, clientId, ...said }: Said) {
    const content = { messageType: 'text' as const, text, via, clientId }
    if (enclosed === undefined) return show(await append({ compose: () => ({ content }), asked: clientId === undefined ? ['text', text] : ['text', text, clientId], ...said }))
    const compose = ({ seq }: Place) => {
      const { attachments, beside } = enclosed.at(seq)
      return { content: { ...content, attachments }, beside }
    }
    return show(await append({ compose, asked: ['text', text, clientId, enclosed.attachmentIds], ...said }))
  }
}

function show (sent: Appended): { message: Message, replayed: boolean } {
  return { message: showMessage(sent, sent.message.senderId), replayed: sent.replayed }
}
