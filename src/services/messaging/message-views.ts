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

/**
 * A stored message as its readers see it, now and always.
 * @param viewer who reads it: the sender's client knows its own again; without one it is as for everybody else
 */
export function showMessage (told: Told, viewer?: string): Message {
  const shown = showContent(told)
  const { via, clientId, senderId, attachments, erased } = told.message
  if (attachments !== undefined) Object.assign(shown, { attachments })
  if (via !== undefined) shown.via = via
  if (erased === true) Object.assign(shown, { text: '', erased })
  if (clientId !== undefined && viewer === senderId) shown.clientId = clientId
  return shown
}

/** A message without what was said with it, and its files. */
export function withoutWords <Shown extends Message> (message: Shown): Omit<Shown, 'text' | 'attachments'> {
  const { text: _text, attachments: _attachments, ...silent } = message as Shown & { attachments?: unknown }
  return silent
}

function showContent ({ message, offer }: Told): Message {
  // Each is written out: to copy what they have in common and add to it takes fifty times as long.
  const { messageId, conversationId, seq, senderId, receiverId, timestamp, messageType, text } = message
  if (messageType === 'text') return { messageId, conversationId, seq, senderId, receiverId, timestamp, messageType, text: text ?? '' }
  const there = present(message, offer)
  if (messageType === 'tradeOffer') {
    const tradeOffer = showOffer(asOf(there, seq))
    return { messageId, conversationId, seq, senderId, receiverId, timestamp, messageType, text, tradeOffer }
  }
  const { action = 'offer', revision = 1 } = message
  const tradeResponse = { offerId: there.messageId, action, revision, terms: termsAt(there, seq) }
  return { messageId, conversationId, seq, senderId, receiverId, timestamp, messageType, text, tradeResponse }
}

/**
 * The event that tells of a message: of a move with the offer as it stands with it.
 * @param viewer as for `showMessage`
 */
export function messageEvent (told: Told, viewer?: string): Extract<ServerEvent, { type: 'newMessage' | 'tradeResponse' }> {
  const message = showMessage(told, viewer)
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
