import type { SendTradeOffer } from '../../../schemas/message.js'
import type { ProblemCode } from '../../../schemas/problem.js'
import type { RespondTrade, TradeOffer } from '../../../schemas/trade-offer.js'
import type { Entities } from '../../database/entities/index.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Place } from '../messaging/advance.js'
import type { Append, Appended, Composition } from '../messaging/append.js'
import { getAll } from '../../database/get-all.js'
import { decide, isDue, standing, type Intent, type Move, type Refusal } from './negotiation.js'
import { movesOf, partyOf, showOffer, storeMove, userOf } from './offers.js'
import { pairOf } from '../messaging/pair.js'
import { counterTerms, openingTerms } from './terms.js'

export interface Trades {
  /**
   * Opens a negotiation; its offer is stored with the message. Costs 8 WCU.
   * @throws ProblemError validation_failed, and as sending does
   */
  open: (senderId: string, receiverId: string, body: SendTradeOffer, idempotencyKey?: string) => Promise<Appended>
  /**
   * Makes a move. Costs 1 RCU for the offer, 1 for the head and 10 WCU.
   * @throws ProblemError trade_not_found, trade_closed, stale_revision, out_of_turn, too_many_revisions (with the offer as it
   *   is), validation_failed, and as sending does
   */
  respond: (userId: string, messageId: string, body: RespondTrade, idempotencyKey?: string) => Promise<{ offer: TradeOffer, replayed: boolean }>
  /** An offer as it is now, strongly consistent. @throws ProblemError trade_not_found for strangers too */
  get: (userId: string, messageId: string) => Promise<TradeOffer>
  /**
   * Stored offers as they are now, by message id; what has run out is expired by being met. Costs 1 RCU for each of up to
   * 4 KB, half of that if it needn't be consistent.
   */
  current: (messageIds: string[], options: { consistent: boolean }) => Promise<Map<string, TradeOfferItem>>
}

const refusals: Record<Refusal, ProblemCode> = {
  closed: 'trade_closed',
  stale_revision: 'stale_revision',
  out_of_turn: 'out_of_turn',
  too_many_revisions: 'too_many_revisions'
}

/** Met while a move was composed: the terms have run out. */
class RunOut extends Error {
  constructor (readonly item: TradeOfferItem) { super() }
}

/** Met while an expiry was composed: somebody else was first. */
class Overtaken extends Error {
  constructor (readonly item: TradeOfferItem) { super() }
}

export function createTrades ({ entities, append, currency }: {
  entities: Entities, append: Append, currency: string
}): Trades {
  const { tradeOffer } = entities.entities
  /**
   * The offers that moves of this process wait in line for, as last seen: whoever comes too late is refused without a
   * write, and so in time.
   */
  const lines = new Map<string, { known: TradeOfferItem, length: number }>()

  async function readOffer (messageId: string): Promise<TradeOfferItem | undefined> {
    const { data } = await tradeOffer.get({ messageId }).go({ consistent: true })
    return data ?? undefined
  }

  async function find (userId: string, messageId: string): Promise<TradeOfferItem> {
    const item = await readOffer(messageId)
    if (item === undefined || partyOf(item, userId) === undefined) throw new ProblemError('trade_not_found')
    return item
  }

  /**
   * Writes the next move of an offer with its message.
   * @param next the move for the offer as it is at a time; what it throws ends the attempt
   */
  async function move (offer: TradeOfferItem, senderId: string, { text, idempotencyKey, asked }: {
    text?: string, idempotencyKey?: string, asked: readonly unknown[]
  }, next: (item: TradeOfferItem, at: number) => Move) {
    const { messageId: offerId } = offer
    const receiverId = senderId === offer.senderId ? offer.receiverId : offer.senderId
    const line = lines.get(offerId) ?? { known: offer, length: 0 }
    lines.set(offerId, line)
    line.length++
    if (offer.version > line.known.version) line.known = offer
    const compose = ({ seq, at }: Place): Composition => {
      const { known } = line
      const { version } = known
      const made = next(known, at)
      const item = storeMove(known, known.moves, made, { seq, text })
      const { revision } = standing(movesOf(item))
      return {
        content: { messageType: 'tradeResponse', text, offerId, action: made.action, revision },
        offer: item,
        beside: [{
          write: all => all.tradeOffer.put(item).where((stored, { eq }) => eq(stored.version, version)).commit({ response: 'all_old' }),
          refused: found => { line.known = found as TradeOfferItem }
        }]
      }
    }
    try {
      const { offer: item, replayed } = await append({
        pair: pairOf(senderId, receiverId), senderId, receiverId, compose, idempotencyKey, asked
      })
      if (item === undefined) throw new Error(`The move in ${offerId} was told without its offer`)
      if (!replayed && item.version > line.known.version) line.known = item
      return { item, replayed }
    } finally {
      if (--line.length === 0) lines.delete(offerId)
    }
  }

  /** Notes that an offer has run out, in the name of whose terms they were, once. @returns the offer as it then is */
  async function expire (offer: TradeOfferItem): Promise<TradeOfferItem> {
    const proposer = userOf(offer, standing(movesOf(offer)).proposal.by)
    try {
      const { item } = await move(offer, proposer, { asked: [] }, (known, at) => {
        if (!isDue(standing(movesOf(known)), at)) throw new Overtaken(known)
        return { action: 'expire', by: 'time', at }
      })
      return item
    } catch (error) {
      if (error instanceof Overtaken) return error.item
      throw error
    }
  }

  async function expireIfDue (item: TradeOfferItem): Promise<TradeOfferItem> {
    return isDue(standing(movesOf(item)), Date.now()) ? await expire(item) : item
  }

  return {
    async open (senderId, receiverId, body, idempotencyKey) {
      const { text, tradeType = 'sell' } = body
      const pair = pairOf(senderId, receiverId)
      const compose = ({ messageId, seq, at }: Place): Composition => {
        const parties = { messageId, senderId, receiverId, tradeType }
        const terms = openingTerms(body, { currency, now: at })
        const item = storeMove(parties, [], { action: 'offer', by: 'sender', at, terms }, { seq, text })
        return {
          content: { messageType: 'tradeOffer', text, offerId: messageId, action: 'offer', revision: 1 },
          offer: item,
          beside: [{ write: all => all.tradeOffer.create(item).commit(), refused: () => {} }]
        }
      }
      return await append({ pair, senderId, receiverId, compose, idempotencyKey, asked: ['tradeOffer', body] })
    },

    async respond (userId, messageId, body, idempotencyKey) {
      const offer = await find(userId, messageId)
      const said = { text: body.text, idempotencyKey, asked: ['tradeResponse', messageId, body] }
      try {
        const { item, replayed } = await move(offer, userId, said, (known, at) => {
          if (isDue(standing(movesOf(known)), at)) throw new RunOut(known)
          const decision = decide(movesOf(known), intentOf(body, known, at), partyOf(known, userId) ?? 'sender', at)
          if ('move' in decision) return decision.move
          throw new ProblemError(refusals[decision.refusal], undefined, { offer: showOffer(known) })
        })
        return { offer: showOffer(item), replayed }
      } catch (error) {
        if (!(error instanceof RunOut)) throw error
        throw new ProblemError('trade_closed', undefined, { offer: showOffer(await expire(error.item)) })
      }
    },

    async get (userId, messageId) {
      return showOffer(await expireIfDue(await find(userId, messageId)))
    },

    async current (messageIds, { consistent }) {
      const keys = [...new Set(messageIds)].map(messageId => ({ messageId }))
      const found = await getAll(some => tradeOffer.get(some).go({ concurrent: 2, consistent }), keys)
      const items = await Promise.all(found.map(expireIfDue))
      return new Map(items.map(item => [item.messageId, item]))
    }
  }
}

/** What a body asks for, with terms in integers. @throws ProblemError validation_failed */
function intentOf (body: RespondTrade, item: TradeOfferItem, now: number): Intent {
  const { revision = 1 } = body
  if (body.response !== 'counter') return { action: body.response, revision }
  const before = { ...standing(movesOf(item)).proposal.terms, tradeType: item.tradeType }
  return { action: 'counter', revision, terms: counterTerms(body, before, now) }
}
