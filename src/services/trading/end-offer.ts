import type { Entities } from '../../database/entities/index.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { MakeMove } from './moves.js'
import { decide, standing } from './negotiation.js'
import { hasRunOut, movesOf, partyOf } from './offers.js'
import type { RecordExpiry } from './record-expiry.js'

/**
 * Ends an offer that is still open in the name of one of its parties, by an ordinary move: terms of its own are withdrawn, those of the other
 * rejected; that terms have run out is recorded. Costs 1 RCU for one that is closed already, else 2 RCU and 10 WCU.
 * @returns the offer, closed
 * @throws as sending does
 */
export type EndOffer = (userId: string, messageId: string) => Promise<TradeOfferItem>

export function createEndOffer ({ entities: { direct }, makeMove, recordExpiry, clock }: {
  entities: Entities, makeMove: MakeMove, recordExpiry: RecordExpiry, clock: Clock
}): EndOffer {
  async function read (messageId: string): Promise<TradeOfferItem> {
    const offer = await direct.tradeOffer.get({ messageId }, { consistent: true })
    if (offer === undefined) throw new Error(`Offer ${messageId} is not there`)
    return offer
  }

  async function move (userId: string, offer: TradeOfferItem): Promise<void> {
    const party = partyOf(offer, userId)
    if (party === undefined) throw new Error(`Offer ${offer.messageId} is none of the user's`)
    try {
      await makeMove(offer, { senderId: userId, asked: [] }, (known, at) => {
        const moves = movesOf(known)
        const { revision, proposal } = standing(moves)
        const decision = decide(moves, { action: proposal.by === party ? 'withdraw' : 'reject', revision }, party, at)
        if (!('move' in decision)) throw new ProblemError('trade_closed')
        return decision.move
      })
    } catch (error) {
      if (!(error instanceof ProblemError && error.code === 'trade_closed')) throw error
    }
  }

  return async (userId, messageId) => {
    const offer = await read(messageId)
    if (offer.awaiting === 'nobody') return offer
    if (hasRunOut(offer, clock.now())) await recordExpiry(messageId)
    else await move(userId, offer)
    const ended = await read(messageId)
    // It ran out, or was countered, just before the move.
    if (ended.awaiting !== 'nobody') throw new Error(`Offer ${messageId} is still open`)
    return ended
  }
}
