import type { Entities } from '../../database/entities/index.js'
import type { OfferAt } from '../messaging/append.js'
import { asOf } from './offers.js'

/** The offers that messages tell of, strongly consistent: 1 RCU for each of up to 4 KB. */
export function createOfferAt (entities: Entities): OfferAt {
  return async ({ offerId: messageId, seq }) => {
    if (messageId === undefined) return undefined
    const offer = await entities.direct.tradeOffer.get({ messageId }, { consistent: true })
    if (offer === undefined) throw new Error(`Offer ${messageId} is not there`)
    return asOf(offer, seq)
  }
}
