import type { ExportLine } from '../../../schemas/export.js'
import type { Identity } from '../../auth/identity.js'
import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import type { Clock } from '../../shared/clock.js'
import type { PageTokens } from '../../shared/page-tokens.js'
import { visitConversations, type Stop } from '../catch-up/active-conversations.js'
import type { Blocks } from '../contact/blocks.js'
import type { Conversations } from '../messaging/conversations.js'
import { showMessage } from '../messaging/message-views.js'
import { showReport } from '../moderation/report-views.js'
import { PageBudget } from '../messaging/page-budget.js'
import { showOfferWithHistory } from '../trading/offer-views.js'
import type { Trades } from '../trading/trades.js'
import type { Accounts } from './account.js'

/** How many blocks and reports are read at a time. */
const blocksAtOnce = 100
const reportsAtOnce = 10

/** How many conversations a page looks at, and how many messages are read at a time. */
const maxConversations = 25
const batch = 100

/** Where a page ends: in a conversation, up to one of its messages; or, after all of them, before some blocks, or with a report. */
type Place = { visit: Stop & { seq: number } } | { blocks: string } | { report: string }

/** Everything of a user's that the API shows, page by page. */
export interface Export {
  /**
   * A page: the account, then each conversation with its messages in order and the offers that they opened, then the blocks
   * and the reports made. What becomes active meanwhile may
   * come twice. A page costs at most 110 RCU and 1 for each offer: 64 for 256 KB of messages, and what its conversations cost; and half an RCU for
   * every 4 KB of 10 reports.
   * @returns its lines, the last of which says where the next one begins
   * @throws ProblemError invalid_page_token
   */
  page: (identity: Identity, pageToken?: string) => Promise<ExportLine[]>
}

export function createExport ({ entities, accounts, blocks, conversations, trades, pageTokens, clock }: {
  entities: Entities, accounts: Accounts, blocks: Blocks, conversations: Conversations, trades: Trades, pageTokens: PageTokens, clock: Clock
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

  /** Some of the reports that a user made. @returns the last of them if there may be more */
  async function exportReports (reporterId: string, after: string, lines: ExportLine[]): Promise<string | undefined> {
    // The key after the last one.
    const from = after === '' ? '' : `${after}\0`
    const { items, more } = await entities.direct.report.between({ reporterId, reportId: from }, { reporterId, reportId: '~' }, {
      limit: reportsAtOnce, order: 'asc', consistent: false
    })
    for (const item of items) lines.push({ type: 'report', report: showReport(item) })
    return more ? items.at(-1)?.reportId : undefined
  }

  return {
    async page (identity, pageToken) {
      const { userId } = identity
      const scope = [userId, 'export']
      const place = pageToken === undefined ? undefined : pageTokens.read<Place>(scope, pageToken)
      const lines: ExportLine[] = place === undefined ? [{ type: 'profile', profile: await accounts.profile(identity) }] : []
      const end = (next?: Place): ExportLine[] => [...lines, { type: 'page', nextPageToken: next === undefined ? null : pageTokens.issue(scope, next) }]

      if (place === undefined || 'visit' in place) {
        const budget = new PageBudget()
        let visited = 0
        let before = place?.visit.seq ?? 0
        for await (const { stop, head } of visitConversations(entities, userId, { from: 0, visit: place?.visit, size: maxConversations })) {
          const seq = await exportMessages(userId, head, before, budget, lines)
          before = 0
          if (budget.isSpent || ++visited === maxConversations) return end({ visit: { ...stop, seq } })
        }
      }
      if (place === undefined || !('report' in place)) {
        const page = await blocks.list(userId, { limit: blocksAtOnce, pageToken: place !== undefined && 'blocks' in place ? place.blocks : undefined })
        for (const block of page.blocks) lines.push({ type: 'block', block })
        if (page.nextPageToken !== null) return end({ blocks: page.nextPageToken })
      }
      const report = await exportReports(userId, place !== undefined && 'report' in place ? place.report : '', lines)
      return end(report === undefined ? undefined : { report })
    }
  }
}
