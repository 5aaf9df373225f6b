import type { ExportLine } from '../../../schemas/export.js'
import type { Identity } from '../../auth/identity.js'
import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import type { Clock } from '../../shared/clock.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { visitConversations, type Stop } from '../catch-up/active-conversations.js'
import type { Conversations } from '../messaging/conversations.js'
import { showMessage } from '../messaging/message-views.js'
import { PageBudget } from '../messaging/page-budget.js'
import { showOfferWithHistory } from '../trading/offer-views.js'
import type { Trades } from '../trading/trades.js'
import type { Accounts } from './account.js'

/** How many conversations a page looks at, and how many messages are read at a time. */
const maxConversations = 25
const batch = 100

/** Where a page ends: in a conversation, up to one of its messages. */
type Place = Stop & { seq: number }

/** Everything of a user's that the API shows, page by page. */
export interface Export {
  /**
   * A page: the account, then each conversation with its messages in order and the offers that they opened. What becomes active meanwhile may
   * come twice. A page costs at most 110 RCU and 1 for each offer: 64 for 256 KB of messages, and what its conversations cost.
   * @returns its lines, the last of which says where the next one begins
   * @throws ProblemError invalid_page_token
   */
  page: (identity: Identity, pageToken?: string) => Promise<ExportLine[]>
}

export function createExport ({ entities, accounts, conversations, trades, pageTokens, clock }: {
  entities: Entities, accounts: Accounts, conversations: Conversations, trades: Trades, pageTokens: PageTokens, clock: Clock
}): Export {
  /** Messages of a conversation as far as there is room, and their offers. @returns up to where it came */
  async function exportMessages (userId: string, head: ConversationItem, after: number, budget: PageBudget, lines: ExportLine[]): Promise<number> {
    const { conversationId } = head
    let seq = after
    while (seq < head.seq && !budget.isSpent) {
      const { items } = await entities.direct.message.between({ conversationId, seq: seq + 1 }, { conversationId, seq: head.seq }, {
        limit: Math.min(batch, budget.room), order: 'asc'
      })
      const page = budget.take(items)
      if (seq === 0 && page.length > 0) {
        for (const conversation of await conversations.show(userId, [head])) lines.push({ type: 'conversation', conversation })
      }
      const offers = await trades.stored(page.flatMap(({ offerId }) => offerId ?? []), { consistent: true })
      for (const message of page) {
        const offer = offers.get(message.offerId ?? '')
        lines.push({ type: 'message', message: showMessage({ message, offer }, userId) })
        if (message.messageType === 'tradeOffer' && offer !== undefined) lines.push({ type: 'offer', offer: showOfferWithHistory(offer, clock.now()) })
        seq = message.seq
      }
    }
    return seq
  }

  return {
    async page (identity, pageToken) {
      const { userId } = identity
      const scope = [userId, 'export']
      const place = pageToken === undefined ? undefined : pageTokens.read<Place>(scope, pageToken)
      const lines: ExportLine[] = place === undefined ? [{ type: 'profile', profile: await accounts.profile(identity) }] : []
      const end = (next?: Place): ExportLine[] => [...lines, { type: 'page', nextPageToken: next === undefined ? null : pageTokens.issue(scope, next) }]

      const budget = new PageBudget()
      let visited = 0
      let before = place?.seq ?? 0
      for await (const { stop, head } of visitConversations(entities, userId, { from: 0, visit: place, size: maxConversations })) {
        const seq = await exportMessages(userId, head, before, budget, lines)
        before = 0
        if (budget.isSpent || ++visited === maxConversations) return end({ ...stop, seq })
      }
      return end()
    }
  }
}
