import { toCalendarDate, fromAbsolute } from '@internationalized/date'
import type { AnalyticsQuery, CounterpartiesQuery, MarketQuery } from 'equilux-chat-client/analytics'
import { daysOf, faultOf, type Days, type RangeFault } from './days.js'
import { granularityFor, type Granularity } from './granularity.js'
import { monthOf } from './months.js'
import type { View } from './view.js'

const hour = 3_600_000

/** What a view comes to, at a time and where it is looked at. */
export interface Question {
  days: Days
  fault?: RangeFault
  granularity: Granularity
  currency: string
  timeZone: string
  month: string
  /** What to ask the server for; undefined where that would be refused, and for the market where all of it is still to come. */
  own?: AnalyticsQuery
  market?: MarketQuery
  counterparties: CounterpartiesQuery
}

interface Place {
  /** Ms since the epoch. */
  now: number
  /** The reader's. */
  timeZone: string
  /** The server's. */
  currency: string
}

export function questionOf (view: View, place: Place): Question {
  const { side, currency = place.currency, timeZone = place.timeZone, month = monthOf(place.now) } = view
  const days = daysOf(view.range, toCalendarDate(fromAbsolute(place.now, timeZone)))
  const fault = faultOf(days)
  const granularity = granularityFor(days.count, view.granularity)
  const base = { days, fault, granularity, currency, timeZone, month, counterparties: { month, currency } }
  if (fault !== undefined) return base
  const [from, to] = [days.from.toString(), days.to.toString()]
  return { ...base, own: { from, to, granularity, currency, timeZone, ...side !== undefined && { side } }, market: marketOf(days, timeZone, currency, place.now) }
}

/** The market's intervals are of UTC, and none of those to come is told: they are not asked for, because there may be thousands. */
function marketOf ({ from, to }: Days, timeZone: string, currency: string, now: number): MarketQuery | undefined {
  const [start, end] = [from, to].map(day => day.toDate(timeZone).getTime()) as [number, number]
  const last = Math.min(end, Math.ceil(now / hour) * hour)
  return start < last ? { from: new Date(start).toISOString(), to: new Date(last).toISOString(), currency } : undefined
}
