import type { TradeOffer, TradeOfferWithHistory } from '../index.js'

/**
 * Offers by id, each in the newest state met, wherever that was. One whose time is up counts as expired, as on the server:
 * it needs no news for that.
 */
export class Offers {
  readonly #offers = new Map<string, TradeOffer>()
  /** Those that were kept from an earlier time, or may have moved untold, and were not met since. */
  readonly #kept = new Set<string>()
  readonly #expired = new WeakMap<TradeOffer, TradeOffer>()

  /** Takes an offer as it was at an earlier time. */
  restore (offer: TradeOffer): void {
    this.take(offer)
    this.#kept.add(offer.messageId)
  }

  /** What was told of the offers between this user and another may be out of date. */
  doubt (userId: string): void {
    for (const { messageId, senderId, receiverId } of this.#offers.values()) if ([senderId, receiverId].includes(userId)) this.#kept.add(messageId)
  }

  /** The open ones of which it isn't known whether they still stand so. */
  doubtful (): string[] {
    return [...this.#kept].filter(offerId => this.#offers.get(offerId)?.awaiting !== null)
  }

  /** Takes how an offer stands, of an answer that may say more. @returns whether it is news */
  take (told: TradeOffer | (TradeOfferWithHistory & { clientId?: string })): boolean {
    const { negotiationHistory, clientId, ...offer } = told as TradeOfferWithHistory & { clientId?: string }
    this.#kept.delete(offer.messageId)
    const known = this.#offers.get(offer.messageId)
    if (known !== undefined && !isNewer(offer, known)) return false
    this.#offers.set(offer.messageId, offer)
    return true
  }

  /** Takes an offer as it began: what is known of it already is newer. @returns whether it is news */
  begin (offer: TradeOffer): boolean {
    return !this.#offers.has(offer.messageId) && this.take(offer)
  }

  get (offerId: string, now: number): TradeOffer | undefined {
    const offer = this.#offers.get(offerId)
    return offer && this.#show(offer, now)
  }

  /** All of them as they are at a time, in ms since the epoch; at -Infinity as the server told them. */
  * all (now: number): Generator<TradeOffer> {
    for (const offer of this.#offers.values()) yield this.#show(offer, now)
  }

  /** When the next one expires, in ms since the epoch; Infinity if none does. */
  nextExpiry (now: number): number {
    const times = [...this.#offers.values()].map(expiryOf).filter(time => time > now)
    return Math.min(...times)
  }

  clear (): void {
    this.#offers.clear()
    this.#kept.clear()
  }

  #show (offer: TradeOffer, now: number): TradeOffer {
    if (now < expiryOf(offer)) return offer
    const expired = this.#expired.get(offer) ??
      { ...offer, status: 'expired', awaiting: null, updatedAt: offer.currentProposal.expiresAt }
    this.#expired.set(offer, expired)
    return expired
  }
}

/** When an open offer expires, in ms since the epoch. */
function expiryOf ({ awaiting, currentProposal }: TradeOffer): number {
  return awaiting === null ? Infinity : Date.parse(currentProposal.expiresAt)
}

/** A revision is open, then closed for good. One that only looks expired, by another clock, may have been answered in time. */
function isNewer (offer: TradeOffer, known: TradeOffer): boolean {
  return offer.revision === known.revision ? rank(offer) > rank(known) : offer.revision > known.revision
}

function rank ({ awaiting, status }: TradeOffer): number {
  if (awaiting !== null) return 0
  return status === 'expired' ? 1 : 2
}
