import type { Direct } from '../../../database/direct/index.js'
import type { Activity } from '../../../database/entities/analytics/measures.js'
import type { MessageItem } from '../../../database/entities/message.js'
import type { TradeOfferItem } from '../../../database/entities/trade-offer.js'
import { asOf } from '../../trading/offers.js'

/** What a move counts as. A counter isn't one of them: it begins nothing and ends nothing. */
export const counters = {
  offer: 'opened', accept: 'accepted', reject: 'rejected', withdraw: 'withdrawn', expire: 'expired'
} as const satisfies Record<string, keyof Activity>

/** A move that is counted, with the offer as it was with it. */
export interface CountedMove {
  conversationId: string
  seq: number
  offer: TradeOfferItem
}

/** Whether a message tells of a move that is counted. */
export function isCounted ({ action }: Pick<MessageItem, 'action'>): boolean {
  return action !== undefined && Object.hasOwn(counters, action)
}

/** How many messages are read at a time. */
const batch = 100

/**
 * Reads the moves of a part of a conversation that are counted, strongly consistent. Costs 1 RCU for every 4 KB of messages, and 1 for each offer.
 * @param range messages, both included; the first one is there
 * @returns those of the first messages, and up to which message that is
 */
export async function readMoves (direct: Direct, conversationId: string, { from, to }: { from: number, to: number }): Promise<{ moves: CountedMove[], upTo: number }> {
  const { items } = await direct.message.between({ conversationId, seq: from }, { conversationId, seq: to }, { limit: batch, order: 'asc' })
  const [first, last] = [items[0], items.at(-1)]
  if (first?.seq !== from || last === undefined) throw new Error(`Message ${conversationId} ${from} is not there`)
  const told = items.filter(isCounted)
  const ids = new Set(told.flatMap(({ offerId }) => offerId ?? []))
  const offers = await direct.tradeOffer.getAll([...ids].map(messageId => ({ messageId })), { consistent: true })
  const byId = new Map(offers.map(offer => [offer.messageId, offer]))
  const moves = told.map(({ seq, offerId = '' }) => {
    const offer = byId.get(offerId)
    if (offer === undefined) throw new Error(`Offer ${offerId} is not there`)
    return { conversationId, seq, offer: asOf(offer, seq) }
  })
  return { moves, upTo: last.seq }
}
