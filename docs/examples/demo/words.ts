import type { Decision } from './strategy.js'

const reasons: Record<'side' | 'amount' | 'price', { sell: string, buy: string }> = {
  side: { sell: 'I only sell, I\'m afraid.', buy: 'I only buy, I\'m afraid.' },
  amount: { sell: 'That is more than I have.', buy: 'That is more than I can take.' },
  price: { sell: 'I can\'t let it go for that. Another time!', buy: 'That is more than it is worth to me. Another time!' }
}

/** What is said with a move. @param side that of whoever makes it */
export function remark (decision: Decision, side: 'sell' | 'buy'): string {
  if (decision.response === 'accept') return 'Agreed. Thank you!'
  if (decision.response === 'reject') return reasons[decision.because][side]
  if (decision.amount !== undefined) return side === 'sell' ? 'I don\'t have that much. This is all there is.' : 'I can\'t take that much. This is what fits.'
  return side === 'sell' ? 'I need a little more than that.' : 'A little less, and we have a deal.'
}

/** What is said with an offer. */
export function proposalText (side: 'sell' | 'buy'): string {
  return side === 'sell' ? 'Would this suit you?' : 'I would take this. What do you say?'
}

/** Whether somebody seems to want an offer. */
export function asksForOffer (text: string): boolean {
  return /offer|sell|buy|price|deal|trade|kwh/i.test(text)
}
