import type { Message, Proposal } from 'equilux-chat-client'
import { totalPrice } from 'equilux-chat-client/format'
import { useChat, useOffer } from 'equilux-chat-client/react'
import type { Entry, PendingMessage } from 'equilux-chat-client/store'
import { useAppConfig } from '../config/index.js'
import { useText } from '../i18n/index.js'
import { Badge, classes } from '../ui/index.js'
import { MoveLine } from './move-line.js'
import { CardFrame, OfferCard } from './offer-card.js'
import { Terms } from './terms.js'
import { termsBefore } from './thread-terms.js'

export interface OfferMessageProps {
  message: Message | PendingMessage
  isOwn: boolean
}

/**
 * A message of a negotiation in a thread. The terms on the table are a card with the moves that there are; what came before them
 * are cards and lines that tell of it.
 */
export function OfferMessage ({ message, isOwn }: OfferMessageProps) {
  return (
    <div className={classes('flex', isOwn && 'justify-end')}>
      {message.messageType === 'tradeResponse'
        ? <Response {...{ message, isOwn }} />
        : message.messageType === 'tradeOffer' && (message.seq === undefined ? <PendingOffer {...{ message }} /> : <Opening {...{ message }} />)}
    </div>
  )
}

function Opening ({ message: { messageId, tradeOffer, text } }: { message: Extract<Message, { messageType: 'tradeOffer' }> }) {
  const offer = useOffer(messageId) ?? tradeOffer
  return <OfferCard {...{ offer, text }} terms={tradeOffer.currentProposal} isStanding={offer.revision === tradeOffer.revision} />
}

function Response ({ message, isOwn }: { message: Extract<Message, { messageType: 'tradeResponse' }>, isOwn: boolean }) {
  const { senderId, receiverId, seq, text, tradeResponse: { offerId, action, revision, terms } } = message
  const other = isOwn ? receiverId : senderId
  const offer = useOffer(offerId)
  const before = useBefore(other, offerId, seq)
  if (terms !== undefined && offer?.revision === revision) {
    return (
      <div className='flex w-full max-w-md flex-col gap-1'>
        <MoveLine {...{ action, text: undefined }} by={senderId} other={other} />
        <OfferCard {...{ offer, terms, before, text }} isStanding />
      </div>
    )
  }
  return <MoveLine {...{ action, text, terms, before }} by={action === 'expire' ? null : senderId} other={other} />
}

/** The terms of an offer that stood before a message, if the thread shows them. */
function useBefore (userId: string, offerId: string, seq: number): Proposal | undefined {
  return useChat(({ threads }) => {
    const entries: readonly Entry[] | undefined = Object.hasOwn(threads, userId) ? threads[userId]?.entries : undefined
    return entries && termsBefore(entries, offerId, seq)
  })
}

function PendingOffer ({ message: { terms, text: said } }: { message: Extract<PendingMessage, { messageType: 'tradeOffer' }> }) {
  const text = useText()
  const { defaultCurrency } = useAppConfig()
  const { pricePerUnit, totalAmount, startTime, endTime, expiresAt = startTime, currency = defaultCurrency, tradeType = 'sell' } = terms
  const shown = { pricePerUnit, totalAmount, startTime, endTime, expiresAt, currency, totalPrice: totalPrice(pricePerUnit, totalAmount) ?? '' }
  return (
    <CardFrame side={tradeType} badge={<Badge>{text('trades.notSent')}</Badge>} isQuiet>
      <Terms terms={shown} />
      {said !== undefined && said !== '' && <p dir='auto' className='border-s-2 border-line ps-3 text-sm whitespace-pre-wrap wrap-anywhere'>{said}</p>}
    </CardFrame>
  )
}
