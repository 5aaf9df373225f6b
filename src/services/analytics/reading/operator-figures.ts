import type { OperatorAnalytics, OperatorQuery } from '../../../../schemas/market.js'
import type { Direct } from '../../../database/direct/index.js'
import { activeBuckets } from '../../../database/entities/analytics/market-day.js'
import type { Clock } from '../../../shared/clock.js'
import { TimeZone } from '../../../shared/time-zone.js'
import type { Generations } from '../generations.js'
import { dayOf } from '../times.js'
import { ActivitySum } from './sums.js'
import type { ReadMarket } from './market.js'
import { readAll } from './pages.js'
import { readRange } from './range.js'

/** How much is due in the work queue, and since when, in ms since the epoch. */
export type Backlog = () => { due: number, oldest: number } | undefined

/**
 * What an operator looks at. Besides the market it costs half a request unit for every 4 KB: a day has 8 parts at most, of 4 KB at most where thousands traded.
 * @throws ProblemError validation_failed, range_too_large
 */
export type ReadOperatorFigures = (query: OperatorQuery) => Promise<OperatorAnalytics>

/** @param options.currency for queries that name none */
export function createReadOperatorFigures ({ direct, generations, clock, currency: usual, readMarket, backlog }: {
  direct: Direct, generations: Generations, clock: Clock, currency: string, readMarket: ReadMarket, backlog: Backlog
}): ReadOperatorFigures {
  const zone = new TimeZone('UTC')

  return async ({ currency = usual, ...given }) => {
    const now = clock.now()
    const range = readRange({ ...given, until: now }, { granularity: 'day', zone })
    const [from, to] = [new Date(range.from).toISOString(), new Date(range.to).toISOString()]
    const place = { generation: await generations.current(), currency }
    const market = readMarket({ from, to, currency })
    // It is awaited only once the days are read.
    market.catch(() => {})
    const total = new ActivitySum()
    const days = new Map(range.starts.map(start => [dayOf(start), new OperatorDay()]))
    const [first, last] = [{ ...place, day: dayOf(range.from), shard: 0 }, { ...place, day: dayOf(range.to), shard: 0 }]
    for await (const item of readAll(direct.marketDay, first, last, item => ({ ...item, shard: item.shard + 1 }))) {
      const day = days.get(item.day)
      if (day === undefined) continue
      total.add(item)
      day.activity.add(item)
      for (const bucket of item.traders ?? []) day.traders.add(bucket)
    }
    return {
      from,
      to,
      currency,
      days: range.starts.map(start => ({ start: new Date(start).toISOString(), ...days.get(dayOf(start))!.show() })),
      totals: total.show(),
      market: await market,
      work: lagOf(backlog(), now)
    }
  }
}

class OperatorDay {
  readonly activity = new ActivitySum()
  readonly traders = new Set<number>()

  show () {
    return { ...this.activity.show(), activeTraders: estimate(this.traders.size) }
  }
}

/** How many fell into the buckets, going by how many of these are hit (linear counting). */
function estimate (hit: number): number {
  const free = Math.max(1, activeBuckets - hit)
  return Math.round(activeBuckets * Math.log(activeBuckets / free))
}

function lagOf (backlog: ReturnType<Backlog>, now: number): OperatorAnalytics['work'] {
  if (backlog === undefined) return null
  const { due, oldest } = backlog
  return { due, oldestSeconds: Math.max(0, Math.floor((now - oldest) / 1000)) }
}
