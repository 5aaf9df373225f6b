import type { ServerEvent } from '../../../schemas/events.js'
import type { Message, TextMessage, TradeOfferMessage, TradeResponseMessage } from '../../../schemas/message.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import { showOffer } from '../trading/offers.js'

/**
 * A stored message as its readers see it.
 * @param offer for a trade move: the offer to show beside it
 */
export function showMessage (item: MessageItem, offer?: TradeOfferItem): Message {
  if (item.messageType === 'text') return showText(item)
  if (offer === undefined) throw new Error(`Message ${item.conversationId} ${item.seq} tells of an offer that is not there`)
  return item.messageType === 'tradeOffer' ? showOpening(item, offer) : showResponse(item, offer)
}

function showOpening (item: MessageItem, offer: TradeOfferItem): TradeOfferMessage {
  return { ...common(item), messageType: 'tradeOffer', text: item.text, tradeOffer: showOffer(offer) }
}

function showResponse (item: MessageItem, offer: TradeOfferItem): TradeResponseMessage {
  const { offerId = '', action = 'offer', revision = 1 } = item
  return {
    ...common(item),
    messageType: 'tradeResponse',
    text: item.text,
    tradeResponse: { offerId, action, revision },
    tradeOffer: showOffer(offer)
  }
}

function showText (item: MessageItem): TextMessage {
  return { ...common(item), messageType: 'text', text: item.text ?? '' }
}

function common ({ messageId, conversationId, seq, senderId, receiverId, timestamp }: MessageItem) {
  return { messageId, conversationId, seq, senderId, receiverId, timestamp }
}

/** The event that tells of a message. */
export function messageEvent (message: Message): Extract<ServerEvent, { type: 'newMessage' | 'tradeResponse' }> {
  return message.messageType === 'tradeResponse'
    ? { type: 'tradeResponse', data: { offer: message.tradeOffer, message } }
    : { type: 'newMessage', data: message }
}
