/** Prices are integers here, in 10⁻⁵ of the currency for a kWh, as the server counts them: no rounding ever lies between two of them. */
export interface Strategy {
  side: 'sell' | 'buy'
  /** What it asks for at first. */
  opening: number
  /** Beyond this it never agrees. */
  limit: number
  /** How many times it proposes terms in one negotiation; then it takes or leaves what there is. */
  proposals: number
  /** In kWh: what it offers, the last of them all that it has. */
  amounts: readonly [number, ...number[]]
  /** The hours of a day at which its deliveries begin. */
  hours: readonly [number, ...number[]]
}

/** How a negotiation stands when it is its turn. */
export interface Standing {
  /** Which side it would have. */
  side: 'sell' | 'buy'
  price: number
  /** In kWh. */
  amount: number
  /** How many times it has proposed terms. */
  proposed: number
}

export type Decision =
  | { response: 'accept' }
  | { response: 'reject', because: 'side' | 'amount' | 'price' }
  | { response: 'counter', price: number, amount?: number }

/** Its own steps are whole tenths of a cent. */
const step = 100

/** What a strategy proposes for the nth time, from 0: it goes evenly from its opening to its limit, and never beyond. */
export function priceOf ({ opening, limit, proposals }: Strategy, n: number): number {
  const last = Math.max(1, proposals - 1)
  return opening + Math.trunc((limit - opening) * Math.min(n, last) / last / step) * step
}

/** The same strategy on another day: prices are a part of what they were, the times and amounts the same. @param part e.g. 0.9 */
export function priced (strategy: Strategy, part: number): Strategy {
  const at = (price: number) => Math.round(price * part / step) * step
  return { ...strategy, opening: at(strategy.opening), limit: at(strategy.limit) }
}

/** What a strategy makes of the terms on the table. What is no worse than its own next proposal it takes. */
export function decide (strategy: Strategy, { side, price, amount, proposed }: Standing): Decision {
  const { limit, proposals, amounts } = strategy
  const all = amounts.at(-1)!
  const next = priceOf(strategy, proposed)
  const mayPropose = proposed < proposals
  if (side !== strategy.side) return { response: 'reject', because: 'side' }
  if (amount > all) return mayPropose ? { response: 'counter', price: next, amount: all } : { response: 'reject', because: 'amount' }
  if (isNoWorse(side, price, next)) return { response: 'accept' }
  if (mayPropose) return { response: 'counter', price: next }
  return isNoWorse(side, price, limit) ? { response: 'accept' } : { response: 'reject', because: 'price' }
}

function isNoWorse (side: 'sell' | 'buy', price: number, than: number): boolean {
  return side === 'sell' ? price >= than : price <= than
}
