import type { ServerEvent } from '../../../schemas/events.js'
import type { Message } from '../../../schemas/message.js'
import type { TradeOffer } from '../../../schemas/trade-offer.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import { showOffer, termsAt } from '../trading/offer-views.js'
import { asOf } from '../trading/offers.js'

/** A stored message, and for a move in a negotiation the stored offer that it belongs to, at that move or later. */
export interface Told {
  message: MessageItem
  offer?: TradeOfferItem
}

/** A stored message as its readers see it, now and always. */
export function showMessage ({ message, offer }: Told): Message {
  const { messageId, conversationId, seq, senderId, receiverId, timestamp, text } = message
  const common = { messageId, conversationId, seq, senderId, receiverId, timestamp }
  if (message.messageType === 'text') return { ...common, messageType: 'text', text: text ?? '' }
  const there = present(message, offer)
  if (message.messageType === 'tradeOffer') return { ...common, messageType: 'tradeOffer', text, tradeOffer: showOffer(asOf(there, seq)) }
  const { action = 'offer', revision = 1 } = message
  return {
    ...common,
    messageType: 'tradeResponse',
    text,
    tradeResponse: { offerId: there.messageId, action, revision, terms: termsAt(there, seq) }
  }
}

/** The event that tells of a message: of a move with the offer as it stands with it. */
export function messageEvent (told: Told): Extract<ServerEvent, { type: 'newMessage' | 'tradeResponse' }> {
  const message = showMessage(told)
  return message.messageType === 'tradeResponse'
    ? { type: 'tradeResponse', data: { offer: showOffer(asOf(present(told.message, told.offer), message.seq)), message } }
    : { type: 'newMessage', data: message }
}

/** The offers of messages as they are at a time (ms since the epoch), each once. */
export function showOffers (told: Told[], now: number): TradeOffer[] {
  const offers = new Map(told.flatMap(({ offer }) => offer === undefined ? [] : [[offer.messageId, offer]]))
  return [...offers.values()].map(offer => showOffer(offer, now))
}

function present ({ conversationId, seq }: MessageItem, offer: TradeOfferItem | undefined): TradeOfferItem {
  if (offer === undefined) throw new Error(`Message ${conversationId} ${seq} tells of an offer that is not there`)
  return offer
}
