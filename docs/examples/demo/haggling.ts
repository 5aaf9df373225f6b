import type { ApiClient, RespondTrade, TradeOfferWithHistory, TradeTerms } from 'equilux-chat-client'
import { moveOf } from './moves.js'
import { decide, type Strategy } from './strategy.js'
import { standingOf } from './terms.js'
import { proposalText } from './words.js'

/** Somebody in negotiations that nobody thinks about. */
export interface Party {
  userId: string
  api: ApiClient
  strategy: Strategy
}

/** Opens a negotiation. @throws Error where the server refuses */
export async function propose ({ api, strategy }: Party, { userId }: Party, terms: TradeTerms): Promise<TradeOfferWithHistory> {
  const { data: message, error } = await api.POST('/api/messages/{userId}', {
    params: { path: { userId } }, body: { messageType: 'tradeOffer', text: proposalText(strategy.side), ...terms }
  })
  if (error !== undefined) throw new Error(error.detail, { cause: error })
  const { data: offer, error: unread } = await api.GET('/api/messages/trades/{messageId}', { params: { path: { messageId: message.messageId } } })
  if (unread !== undefined) throw new Error(unread.detail, { cause: unread })
  return offer
}

/** Makes a move. @throws Error where the server refuses */
export async function respond ({ api }: Party, { messageId }: TradeOfferWithHistory, body: RespondTrade): Promise<TradeOfferWithHistory> {
  const { data, error } = await api.POST('/api/messages/trades/{messageId}/respond', { params: { path: { messageId } }, body })
  if (error !== undefined) throw new Error(error.detail, { cause: error })
  return data
}

/** A negotiation from its opening to its end: each does at once what its strategy says. @throws Error where the server refuses */
export async function haggle (opener: Party, other: Party, terms: TradeTerms): Promise<TradeOfferWithHistory> {
  let offer = await propose(opener, other, terms)
  while (offer.awaiting !== null) {
    const mover = offer.awaiting === opener.userId ? opener : other
    offer = await respond(mover, offer, moveOf(decide(mover.strategy, standingOf(offer, mover.userId)), mover.strategy.side, offer.revision))
  }
  return offer
}
