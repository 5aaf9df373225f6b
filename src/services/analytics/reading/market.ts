import type { Market, MarketGranularity, MarketQuery } from '../../../../schemas/market.js'
import type { Direct } from '../../../database/direct/index.js'
import type { Clock } from '../../../shared/clock.js'
import { TimeZone } from '../../../shared/time-zone.js'
import type { Generations } from '../generations.js'
import { cellLengths } from '../times.js'
import { MarketDays } from './market-days.js'
import { isClosed, rulesOf, tooFew, tooRecent, totalsOf } from './market-rules.js'
import { readRange } from './range.js'

/**
 * What the market pays, as everybody may see it. What it costs MarketDays says.
 * @throws ProblemError validation_failed, range_too_large
 */
export type ReadMarket = (query: MarketQuery) => Promise<Market>

/**
 * @param options.currency for queries that name none
 * @param options.k how many sellers and buyers a cell has that is shown
 */
export function createReadMarket ({ direct, generations, clock, currency: usual, granularity, k }: {
  direct: Direct, generations: Generations, clock: Clock, currency: string, granularity: MarketGranularity, k: number
}): ReadMarket {
  const days = new MarketDays({ direct, granularity, k })
  const zone = new TimeZone('UTC')

  return async ({ currency = usual, ...given }) => {
    const now = clock.now()
    const { from, to, starts } = readRange({ ...given, until: now }, { granularity, zone })
    const cells = await days.read({ generation: await generations.current(), currency }, { from, to, now })
    const series = starts.map(start => ({
      start: new Date(start).toISOString(),
      ...isClosed(start + cellLengths[granularity], now) ? cells.get(start) ?? tooFew : tooRecent
    }))
    return {
      from: new Date(from).toISOString(), to: new Date(to).toISOString(), granularity, currency, rules: rulesOf(k), series, totals: totalsOf(series)
    }
  }
}
