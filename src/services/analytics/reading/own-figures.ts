import type { Analytics, AnalyticsQuery } from '../../../../schemas/analytics.js'
import type { Direct } from '../../../database/direct/index.js'
import type { Clock } from '../../../shared/clock.js'
import { TimeZone } from '../../../shared/time-zone.js'
import type { Generations } from '../generations.js'
import { day, quarterHour } from '../times.js'
import { UserSum } from './sums.js'
import { readAll } from './pages.js'
import { readRange } from './range.js'

/** How far ahead is looked where nobody says until when, in ms: what is agreed is still to be delivered. */
const ahead = 8 * day

/**
 * What a user traded. It costs half a request unit for every 4 KB of the quarter hours in which there is something, about 25 to 35 of them, however many
 * trades they are made of; and none for those in which there is nothing.
 * @throws ProblemError validation_failed, range_too_large
 */
export type ReadOwnFigures = (userId: string, query: AnalyticsQuery) => Promise<Analytics>

/** @param options.currency for queries that name none */
export function createReadOwnFigures ({ direct, generations, clock, currency: usual }: {
  direct: Direct, generations: Generations, clock: Clock, currency: string
}): ReadOwnFigures {
  return async (userId, { granularity = 'day', currency = usual, timeZone = 'UTC', side: wanted, ...given }) => {
    const { from, to, starts } = readRange({ ...given, until: clock.now() + ahead }, { granularity, zone: new TimeZone(timeZone) })
    const place = { generation: await generations.current(), userId, currency }
    const [first, last] = [{ ...place, start: from, side: 'buy' as const }, { ...place, start: to - quarterHour, side: 'sell' as const }]
    const total = new UserSum()
    const sums = starts.map(() => new UserSum())
    let n = 0
    for await (const item of readAll(direct.userSlot, first, last, item => ({ ...item, side: `${item.side}\0` as 'sell' }))) {
      if (wanted !== undefined && item.side !== wanted) continue
      while (n + 1 < starts.length && starts[n + 1]! <= item.start) n++
      sums[n]!.add(item)
      total.add(item)
    }
    const series = sums.map((sum, n) => ({ start: timeOf(starts[n]!), ...sum.show() }))
    return { from: timeOf(from), to: timeOf(to), granularity, currency, timeZone, series, totals: total.show() }
  }
}

function timeOf (time: number): string {
  return new Date(time).toISOString()
}
