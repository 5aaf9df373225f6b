import type { Proposal, TradeOffer } from 'equilux-chat-client'

/** The newer of two states of an offer: a later revision, or the same one closed. */
export function newerOf (one: TradeOffer, other: TradeOffer): TradeOffer {
  if (one.revision !== other.revision) return one.revision > other.revision ? one : other
  return rank(other) > rank(one) ? other : one
}

/** Of answers that close a revision, that it only looked expired is the weakest: it may have been answered in time. */
function rank ({ awaiting, status }: TradeOffer): number {
  if (awaiting !== null) return 0
  return status === 'expired' ? 1 : 2
}

const expired = new WeakMap<TradeOffer, TradeOffer>()

/**
 * An offer as it is at a time, in ms since the epoch by the server's clock: what has run out is expired without news of it. Of the
 * same offer it is the same object.
 */
export function standingAt (offer: TradeOffer, now: number): TradeOffer {
  const { expiresAt } = offer.currentProposal
  if (offer.awaiting === null || now < Date.parse(expiresAt)) return offer
  const shown = expired.get(offer) ?? { ...offer, status: 'expired', awaiting: null, updatedAt: expiresAt }
  expired.set(offer, shown)
  return shown
}

/** What a party does if the offer is accepted. */
export type Side = 'sell' | 'buy'

/** What a user does in an offer. Its `tradeType` is what the user does who opened it, whoever proposed the terms. */
export function sideOf ({ senderId, currentProposal: { tradeType } }: TradeOffer, me: string): Side {
  return senderId === me ? tradeType : opposite(tradeType)
}

/** What the other party does. */
export function opposite (side: Side): Side {
  return side === 'sell' ? 'buy' : 'sell'
}

/** The other party of an offer. */
export function otherOf ({ senderId, receiverId }: TradeOffer, me: string): string {
  return senderId === me ? receiverId : senderId
}

/** Whether terms can be accepted until delivery starts, and no other time was named. */
export function expiresAtStart ({ expiresAt, startTime }: Pick<Proposal, 'expiresAt' | 'startTime'>): boolean {
  return Date.parse(expiresAt) === Date.parse(startTime)
}
