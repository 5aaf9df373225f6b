import type { ProblemCode } from '../../../schemas/problem.js'
import type { RespondTrade } from '../../../schemas/respond-trade.js'
import type { MovedTradeOffer, TradeOfferWithHistory } from '../../../schemas/trade-offer.js'
import type { Entities } from '../../database/entities/index.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Expiries } from './expiries.js'
import type { MakeMove } from './moves.js'
import { decide, standing, type Intent, type Move, type Party, type Refusal } from './negotiation.js'
import { showOffer, showOfferWithHistory } from './offer-views.js'
import { movesOf, partyOf } from './offers.js'
import { counterTerms } from './terms.js'

export interface Trades {
  /**
   * Makes a move. Costs 1 RCU for the offer, 1 for the head and 10 WCU.
   * @throws ProblemError trade_not_found, trade_closed, stale_revision, out_of_turn, too_many_revisions (with the offer as it
   *   is), validation_failed, and as sending does
   */
  respond: (userId: string, messageId: string, body: RespondTrade, idempotencyKey?: string) => Promise<{ offer: MovedTradeOffer, replayed: boolean }>
  /** An offer as it is now, strongly consistent. Costs 1 RCU. @throws ProblemError trade_not_found for strangers too */
  get: (userId: string, messageId: string) => Promise<TradeOfferWithHistory>
  /**
   * An offer as it is now, for whoever may see those of all users. Costs 1 RCU.
   * @param options.texts whether what was said with the moves is shown
   * @throws ProblemError trade_not_found
   */
  show: (messageId: string, options: { texts: boolean }) => Promise<TradeOfferWithHistory>
  /**
   * Stored offers by message id; that some have run out is recorded in the background. Costs 1 RCU for each of up to 4 KB,
   * half of that if it needn't be consistent.
   */
  stored: (messageIds: string[], options: { consistent: boolean }) => Promise<ReadonlyMap<string, TradeOfferItem>>
}

const refusals: Record<Refusal, ProblemCode> = {
  closed: 'trade_closed',
  stale_revision: 'stale_revision',
  out_of_turn: 'out_of_turn',
  too_many_revisions: 'too_many_revisions'
}

export function createTrades ({ entities, makeMove, expiries, clock }: {
  entities: Entities, makeMove: MakeMove, expiries: Expiries, clock: Clock
}): Trades {
  const { tradeOffer } = entities.direct

  async function read (messageId: string): Promise<TradeOfferItem> {
    const offer = await tradeOffer.get({ messageId }, { consistent: true })
    if (offer === undefined) throw new ProblemError('trade_not_found')
    return offer
  }

  async function find (userId: string, messageId: string): Promise<{ offer: TradeOfferItem, party: Party }> {
    const offer = await read(messageId)
    const party = partyOf(offer, userId)
    if (party === undefined) throw new ProblemError('trade_not_found')
    return { offer, party }
  }

  return {
    async respond (userId, messageId, body, idempotencyKey) {
      const { offer, party } = await find(userId, messageId)
      const said = { senderId: userId, text: body.text, clientId: body.clientId, idempotencyKey, asked: ['tradeResponse', messageId, body] }
      const next = (known: TradeOfferItem, at: number): Move => {
        const decision = decide(movesOf(known), intentOf(body, known, at), party, at)
        if ('move' in decision) return decision.move
        if ('expired' in decision) expiries.note(known)
        const code = 'expired' in decision ? 'trade_closed' : refusals[decision.refusal]
        throw new ProblemError(code, undefined, { offer: showOffer(known, at) })
      }
      // Who is refused as the offer is needn't wait in line for it; but a key may be that of a move made before.
      if (idempotencyKey === undefined) next(offer, clock.now())
      const { offer: moved, message: { clientId }, replayed } = await makeMove(offer, said, next)
      return { offer: { clientId, ...showOfferWithHistory(moved) }, replayed }
    },

    async get (userId, messageId) {
      const { offer } = await find(userId, messageId)
      expiries.note(offer)
      return showOfferWithHistory(offer, clock.now())
    },

    async show (messageId, { texts }) {
      const offer = await read(messageId)
      expiries.note(offer)
      const shown = showOfferWithHistory(offer, clock.now())
      return texts ? shown : { ...shown, negotiationHistory: shown.negotiationHistory.map(({ text: _, ...move }) => move) }
    },

    async stored (messageIds, { consistent }) {
      const keys = [...new Set(messageIds)].map(messageId => ({ messageId }))
      const found = await tradeOffer.getAll(keys, { consistent })
      for (const offer of found) expiries.note(offer)
      return new Map(found.map(offer => [offer.messageId, offer]))
    }
  }
}

/** What a body asks for, with terms in integers. @throws ProblemError validation_failed */
function intentOf (body: RespondTrade, offer: TradeOfferItem, now: number): Intent {
  const { revision = 1 } = body
  if (body.response !== 'counter') return { action: body.response, revision }
  const before = { tradeType: offer.tradeType, ...standing(movesOf(offer)).proposal.terms }
  return { action: 'counter', revision, terms: counterTerms(body, before, now) }
}
