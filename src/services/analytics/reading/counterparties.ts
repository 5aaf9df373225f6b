import type { Counterparties, CounterpartiesQuery } from '../../../../schemas/analytics.js'
import type { Direct } from '../../../database/direct/index.js'
import type { CounterpartyItem } from '../../../database/entities/analytics/counterparty.js'
import type { Clock } from '../../../shared/clock.js'
import type { Generations } from '../generations.js'
import { monthOf } from '../times.js'
import { TradedSum } from './sums.js'
import { readAll } from './pages.js'

/** Above every user id. */
const lastId = '~'

/** With whom a user traded in a month. It costs half a request unit for every 4 KB, which are about 20 counterparties, however much was traded. */
export type ReadCounterparties = (userId: string, query: CounterpartiesQuery) => Promise<Counterparties>

/** @param options.currency for queries that name none */
export function createReadCounterparties ({ direct, generations, clock, currency: usual }: {
  direct: Direct, generations: Generations, clock: Clock, currency: string
}): ReadCounterparties {
  return async (userId, { month = monthOf(clock.now()), currency = usual, limit = 20 }) => {
    const place = { generation: await generations.current(), userId, month, currency }
    const [first, last] = [{ ...place, otherId: '', side: 'buy' as const }, { ...place, otherId: lastId, side: 'sell' as const }]
    const found = new Map<string, Both>()
    for await (const item of readAll(direct.counterparty, first, last, item => ({ ...item, side: `${item.side}\0` as 'sell' }))) {
      const both = found.get(item.otherId) ?? new Both()
      found.set(item.otherId, both)
      both.add(item)
    }
    // They are read in the order of their ids, in which those stay who are equal.
    const sorted = [...found].sort(([, one], [, other]) => compare(other.energy, one.energy))
    const others = new Both()
    for (const [, both] of sorted.slice(limit)) others.take(both)
    return {
      month,
      currency,
      counterparties: sorted.slice(0, limit).map(([userId, both]) => ({ userId, ...both.show() })),
      others: { count: Math.max(0, sorted.length - limit), ...others.show() }
    }
  }
}

/** Sold and bought. */
class Both {
  readonly #sold = new TradedSum()
  readonly #bought = new TradedSum()

  get energy (): bigint {
    return this.#sold.energy + this.#bought.energy
  }

  add (item: CounterpartyItem): void {
    const sum = item.side === 'sell' ? this.#sold : this.#bought
    sum.add(item)
  }

  take (other: Both): void {
    this.#sold.take(other.#sold)
    this.#bought.take(other.#bought)
  }

  show () {
    return { sold: this.#sold.show(), bought: this.#bought.show() }
  }
}

function compare (a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
