import type { RespondTrade } from 'equilux-chat-client'
import type { Decision } from './strategy.js'
import { toPrice } from './terms.js'
import { remark } from './words.js'

/** A decision as a move on the revision that it was made of. @param side that of whoever makes it */
export function moveOf (decision: Decision, side: 'sell' | 'buy', revision: number): RespondTrade {
  const text = remark(decision, side)
  if (decision.response !== 'counter') return { response: decision.response, revision, text }
  const { price, amount: totalAmount } = decision
  return { response: 'counter', revision, text, pricePerUnit: toPrice(price), ...totalAmount === undefined ? {} : { totalAmount } }
}
