import type { TradeOffer } from 'equilux-chat-client'
import { otherOf, sideOf } from '../offers/standing.js'

/** The names of the columns of a download: those of the API, which don't change with the reader's language. */
export const csvHeader = [
  'messageId', 'counterparty', 'counterpartyName', 'side', 'openedBy', 'status', 'revision', 'awaiting', 'totalAmountKWh', 'pricePerKWh', 'currency', 'totalPrice',
  'startTime', 'endTime', 'expiresAt', 'createdAt', 'updatedAt'
]

/** An offer as a row of a download: numbers with all their digits and a point, times in UTC. */
export function csvRow (offer: TradeOffer, me: string, nameOf: (userId: string) => string): Array<string | number | undefined> {
  const { messageId, senderId, status, revision, awaiting, createdAt, updatedAt, currentProposal } = offer
  const { totalAmount, pricePerUnit, currency, totalPrice, startTime, endTime, expiresAt } = currentProposal
  const other = otherOf(offer, me)
  return [
    messageId, other, nameOf(other), sideOf(offer, me), senderId, status, revision, awaiting ?? undefined, totalAmount, pricePerUnit, currency, totalPrice,
    startTime, endTime, expiresAt, createdAt, updatedAt
  ]
}
