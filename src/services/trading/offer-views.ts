import type { Proposal, TradeMove, TradeOffer, TradeOfferWithHistory } from '../../../schemas/trade-offer.js'
import type { ListedOffer, TradeOfferItem } from '../../database/entities/trade-offer.js'
import { isoTime } from '../../shared/iso-time.js'
import { pairOf } from '../messaging/pair.js'
import { hasRunOut, readMove, userOf } from './offers.js'
import { showTerms } from './terms.js'

/**
 * An offer as its parties see it. What has run out is expired, recorded or not, and looks the same either way.
 * @param now in ms since the epoch; without it the offer is shown as its moves left it
 */
export function showOffer (item: ListedOffer, now?: number): TradeOffer {
  const { messageId, senderId, receiverId, tradeType, revision, createdAt, updatedAt, expiresAt, terms: { by, price, currency, amount, startAt, endAt } } = item
  const isDue = now !== undefined && hasRunOut(item, now)
  const status = isDue ? 'expired' : item.status
  return {
    messageId,
    conversationId: pairOf(senderId, receiverId).conversationId,
    senderId,
    receiverId,
    status,
    revision,
    awaiting: isDue || item.awaiting === 'nobody' ? null : userOf(item, item.awaiting),
    currentProposal: showTerms({ price, currency, amount, startAt, endAt, expiresAt }, tradeType, userOf(item, by)),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(status === 'expired' ? expiresAt : updatedAt)
  }
}

/** An offer with the moves that led where it stands; see `showOffer`. */
export function showOfferWithHistory (item: TradeOfferItem, now?: number): TradeOfferWithHistory {
  return { negotiationHistory: showMoves(item), ...showOffer(item, now) }
}

/** The terms that the move told at a place proposed; undefined if it proposed none. */
export function termsAt (item: TradeOfferItem, seq: number): Proposal | undefined {
  const stored = item.moves.find(move => move.seq === seq)
  const move = stored === undefined ? undefined : readMove(stored)
  return move !== undefined && 'terms' in move ? showTerms(move.terms, item.tradeType, userOf(item, move.by)) : undefined
}

function showMoves (item: TradeOfferItem): TradeMove[] {
  let revision = 0
  return item.moves.map(stored => {
    const { seq, text } = stored
    const move = readMove(stored)
    if ('terms' in move) revision++
    const userId = move.by === 'time' ? null : userOf(item, move.by)
    return { revision, action: move.action, userId, at: isoTime(move.at), seq, terms: termsAt(item, seq), text }
  })
}
