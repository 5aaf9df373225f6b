import type { MarketPoint } from '../../../../schemas/market.js'
import type { MarketCellItem } from '../../../database/entities/analytics/market-cell.js'
import { divideHalfEven, divideToDigits } from '../../../shared/decimal.js'
import { hour } from '../times.js'
import { TradedSum } from './sums.js'

/** How long after its end a cell is shown, in hours: what was agreed before its end is counted by then. */
export const delayHours = 24
const digits = 3

/** What it takes for a cell to be shown: so many sellers and buyers, and twice as many trades. */
export function rulesOf (k: number) {
  return { sellers: k, buyers: k, trades: 2 * k, delayHours }
}

type Shown = Omit<MarketPoint, 'start'>

export const tooRecent: Shown = { trades: null, amount: null, vwap: null, suppressed: true, reason: 'tooRecent' }
export const tooFew: Shown = { ...tooRecent, reason: 'tooFew' }

/** Whether what is to be delivered from within a cell is told by now. @param end and `now` in ms since the epoch */
export function isClosed (end: number, now: number): boolean {
  return end + delayHours * hour <= now
}

/** A cell of the market, of the parts in which it was counted. */
export class MarketCell {
  readonly #traded = new TradedSum()
  // Each is one of the buckets that ids fall into: who is distinct may share one, so that there are as many people at least.
  readonly #sellers = new Set<number>()
  readonly #buyers = new Set<number>()

  add (item: MarketCellItem): void {
    this.#traded.add(item)
    for (const [all, some] of [[this.#sellers, item.sellers], [this.#buyers, item.buyers]] as const) for (const bucket of some ?? []) all.add(bucket)
  }

  /** What is told of it, once it is closed. */
  show (k: number): Shown {
    const { sellers, buyers, trades: least } = rulesOf(k)
    const { trades, energy, value } = this.#traded
    if (trades < least || this.#sellers.size < sellers || this.#buyers.size < buyers) return tooFew
    // Wh to kWh, and 10⁻⁸ units a Wh to units a kWh.
    return { trades, amount: String(divideHalfEven(energy, 1000n)), vwap: divideToDigits(value, energy * 100_000n, digits), suppressed: false }
  }
}

/** The totals of a market, made of what is shown: whoever sees the cells can make them. */
export function totalsOf (series: readonly Shown[]) {
  let [shown, trades, amount, weighted] = [0, 0, 0n, 0n]
  for (const { suppressed, ...cell } of series) {
    if (suppressed) continue
    shown++
    trades += cell.trades ?? 0
    amount += BigInt(cell.amount ?? 0)
    weighted += BigInt(cell.amount ?? 0) * unitsOf(cell.vwap ?? '0')
  }
  return { shown, trades, amount: String(amount), vwap: weighted === 0n ? null : divideToDigits(weighted, amount * 10n ** BigInt(vwapPlaces), digits) }
}

/** The lowest price is 10⁻⁵, and a mean above it has 3 significant digits. */
const vwapPlaces = 7

function unitsOf (vwap: string): bigint {
  const [whole = '', fraction = ''] = vwap.split('.')
  return BigInt(whole + fraction.padEnd(vwapPlaces, '0'))
}
