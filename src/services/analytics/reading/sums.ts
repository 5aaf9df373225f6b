import { agreementClasses, type AnalyticsTotals, type Traded } from '../../../../schemas/analytics.js'
import { amountDecimals, priceDecimals } from '../../../../schemas/trade-offer.js'
import type { Activity, Agreed } from '../../../database/entities/analytics/measures.js'
import { divideHalfEven, fromUnits, toDecimal } from '../../../shared/decimal.js'
import { joinParts } from '../counting/parts.js'

/** What was agreed, as exact integers. */
export class TradedSum {
  trades = 0
  /** Wh. */
  energy = 0n
  /** Price × amount, in 10⁻⁸ currency units. */
  value = 0n

  add ({ trades = 0, energy0 = 0, energy1 = 0, value0 = 0, value1 = 0, value2 = 0 }: Agreed): void {
    this.trades += trades
    this.energy += joinParts([energy0, energy1])
    this.value += joinParts([value0, value1, value2])
  }

  take ({ trades, energy, value }: TradedSum): void {
    this.trades += trades
    this.energy += energy
    this.value += value
  }

  show (): Traded {
    const { trades, energy, value } = this
    return {
      trades,
      amount: toDecimal(energy, amountDecimals),
      value: toDecimal(value, priceDecimals + amountDecimals),
      // 10⁻⁸ units a Wh are 10⁻⁵ units a kWh.
      vwap: energy === 0n ? null : toDecimal(divideHalfEven(value, energy), priceDecimals)
    }
  }
}

type ShownActivity = Omit<AnalyticsTotals, 'sold' | 'bought'>

/** What happened in negotiations. */
export class ActivitySum {
  #opened = 0
  #accepted = 0
  #rejected = 0
  #withdrawn = 0
  #expired = 0
  #milliseconds = 0n
  readonly #times = Array.from({ length: agreementClasses.length + 1 }, () => 0)
  #revisions = 0
  #spreads = 0
  #spread = 0n

  add (item: Activity): void {
    this.#opened += item.opened ?? 0
    this.#accepted += item.accepted ?? 0
    this.#rejected += item.rejected ?? 0
    this.#withdrawn += item.withdrawn ?? 0
    this.#expired += item.expired ?? 0
    this.#milliseconds += BigInt(item.milliseconds ?? 0)
    for (const n of this.#times.keys()) this.#times[n]! += item[`time${n}` as 'time0'] ?? 0
    this.#revisions += item.revisions ?? 0
    this.#spreads += item.spreads ?? 0
    this.#spread += joinParts([item.spread0 ?? 0, item.spread1 ?? 0])
  }

  show (): ShownActivity {
    const [opened, accepted, rejected, withdrawn, expired] = [this.#opened, this.#accepted, this.#rejected, this.#withdrawn, this.#expired]
    return {
      opened,
      accepted,
      rejected,
      withdrawn,
      expired,
      acceptanceRate: mean(BigInt(accepted), accepted + rejected + withdrawn + expired, 4),
      medianTimeToAgreement: accepted === 0 ? null : { atMost: agreementClasses[this.#medianClass()] ?? null },
      agreementTimes: [...this.#times],
      meanSecondsToAgreement: mean(this.#milliseconds, accepted * 1000, 3),
      meanRevisions: mean(BigInt(this.#revisions), accepted, 2),
      meanSpreadBps: mean(this.#spread, this.#spreads, 2)
    }
  }

  /** Of an even number of agreements the first of the two in the middle. */
  #medianClass (): number {
    let left = Math.ceil(this.#accepted / 2)
    return this.#times.findIndex(count => (left -= count) <= 0)
  }
}

/** @returns rounded half to even; null where there are none */
function mean (sum: bigint, count: number, places: number): number | null {
  return count === 0 ? null : fromUnits(Number(divideHalfEven(sum * 10n ** BigInt(places), BigInt(count))), places)
}

/** What a user sold, bought and did. */
export class UserSum {
  readonly #sold = new TradedSum()
  readonly #bought = new TradedSum()
  readonly #activity = new ActivitySum()

  add (item: Activity & Agreed & { side: 'sell' | 'buy' }): void {
    this.#activity.add(item)
    const traded = item.side === 'sell' ? this.#sold : this.#bought
    traded.add(item)
  }

  show (): AnalyticsTotals {
    return { sold: this.#sold.show(), bought: this.#bought.show(), ...this.#activity.show() }
  }
}
