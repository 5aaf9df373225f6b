import { endOfMonth, parseDate, startOfMonth, type CalendarDate } from '@internationalized/date'
import type { Preset, View } from './view.js'

/** Over how many days the server tells something at once. */
export const maxDays = 366

/** The first day, and the first that isn't shown any more. */
export interface Days {
  from: CalendarDate
  to: CalendarDate
  /** How many there are. */
  count: number
}

/** Why nothing can be shown of days that were chosen. */
export type RangeFault = 'backwards' | 'tooLong'

/** What was agreed is delivered within some days, mostly. */
const ahead = 8

const presetDays: Record<Preset, (today: CalendarDate) => { from: CalendarDate, last: CalendarDate }> = {
  today: today => ({ from: today, last: today }),
  '7d': today => ({ from: today.subtract({ days: 6 }), last: today }),
  '30d': today => ({ from: today.subtract({ days: 29 }), last: today.add({ days: ahead }) }),
  // Whole months: a part of one beside them would look like a bad one.
  '12m': today => ({ from: startOfMonth(today).subtract({ months: 11 }), last: endOfMonth(today) })
}

/** The days that a view shows. @param today where the view's clock is */
export function daysOf (range: View['range'], today: CalendarDate): Days {
  const { from, last } = typeof range === 'string' ? presetDays[range](today) : { from: parseDate(range.from), last: parseDate(range.to) }
  const to = last.add({ days: 1 })
  return { from, to, count: to.compare(from) }
}

export function faultOf ({ count }: Days): RangeFault | undefined {
  return count < 1 ? 'backwards' : count > maxDays ? 'tooLong' : undefined
}
