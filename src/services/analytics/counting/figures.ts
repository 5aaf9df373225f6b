import { agreementClasses } from '../../../../schemas/analytics.js'
import type { Activity, Agreed } from '../../../database/entities/analytics/measures.js'
import type { TradeOfferItem } from '../../../database/entities/trade-offer.js'
import { divideHalfEven } from '../../../shared/decimal.js'
import { standing, type Terms } from '../../trading/negotiation.js'
import { movesOf } from '../../trading/offers.js'
import { counters } from './moves.js'
import { partsOf } from './parts.js'

/** What a move adds to figures, whose they may be. */
export interface Figures {
  /** When it happened, in ms since the epoch: of an expiry when the terms ran out, however late that was recorded. */
  at: number
  /** Of the terms that were on the table. */
  currency: string
  activity: Activity
  /** What was agreed, if it was, and when its delivery begins, in ms since the epoch. */
  agreed?: { startAt: number, amounts: Agreed }
}

const basisPoints = 10_000n

/** What the last move of an offer adds. @param offer as it was with a move that is counted */
export function figuresOf (offer: TradeOfferItem): Figures {
  const moves = movesOf(offer)
  const { revision, proposal: { terms } } = standing(moves)
  const [opening, last] = [moves[0], moves.at(-1) ?? moves[0]]
  const { currency } = terms
  if (last.action === 'counter') throw new TypeError('A counter isn\'t counted')
  const activity = { [counters[last.action]]: 1 }
  if (last.action === 'expire') return { at: terms.expiresAt, currency, activity }
  if (last.action !== 'accept') return { at: last.at, currency, activity }
  return {
    at: last.at,
    currency,
    // Where two instances made the moves, one's clock may be ahead.
    activity: { ...activity, revisions: revision, ...timeTaken(Math.max(0, last.at - opening.at)), ...spread((opening as { terms: Terms }).terms, terms) },
    agreed: { startAt: terms.startAt, amounts: amountsOf(terms) }
  }
}

function timeTaken (milliseconds: number): Activity {
  const found = agreementClasses.findIndex(seconds => milliseconds <= seconds * 1000)
  const timeClass = found < 0 ? agreementClasses.length : found
  return { milliseconds, [`time${timeClass}`]: 1 }
}

/** How far the agreed price is from the one of the opening; nothing where they can't be compared. */
function spread (opening: Terms, agreed: Terms): Activity {
  if (opening.currency !== agreed.currency) return {}
  const [before, after] = [BigInt(opening.price), BigInt(agreed.price)]
  const [spread0, spread1] = partsOf(divideHalfEven((after - before) * basisPoints, before), 2)
  return { spreads: 1, spread0, spread1 }
}

function amountsOf ({ price, amount }: Terms): Agreed {
  const [energy0, energy1] = partsOf(BigInt(amount), 2)
  const [value0, value1, value2] = partsOf(BigInt(price) * BigInt(amount), 3)
  return { trades: 1, energy0, energy1, value0, value1, value2 }
}
