import { workItem, type WorkItem } from '../../database/entities/work.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'

/** The kind of the timers of offers that run out. */
export const expireKind = 'expire'

const hour = 60 * 60 * 1000

/** How many hours before an offer runs out its parties are reminded. */
export const reminders = [24, 1] as const

/**
 * When next something is due for an offer that runs out: a reminder, or that it does.
 * @param expiresAt and `after` in ms since the epoch
 */
export function nextDue (expiresAt: number, after: number): number {
  const times = reminders.map(hours => expiresAt - hours * hour)
  return times.find(at => at > after) ?? expiresAt
}

/** The reminder that is due before an offer runs out: how many hours are left; undefined if it is too early for any. */
export function reminderAt (expiresAt: number, now: number): typeof reminders[number] | undefined {
  return reminders.findLast(hours => now >= expiresAt - hours * hour)
}

/**
 * The timer of an offer's terms. There is one for each time that the terms of an offer run out; it is of no use, and ends by itself, when
 * they are no longer on the table.
 * @param now ms since the epoch
 */
export function expiryTimer ({ messageId, expiresAt }: Pick<TradeOfferItem, 'messageId' | 'expiresAt'>, now: number): WorkItem {
  return workItem({ kind: expireKind, subject: `${messageId}#${expiresAt}`, dueAt: nextDue(expiresAt, now) })
}

/** What a timer's subject says. */
export function parseExpirySubject (subject: string): Pick<TradeOfferItem, 'messageId' | 'expiresAt'> {
  const [messageId = '', expiresAt] = subject.split('#')
  return { messageId, expiresAt: Number(expiresAt) }
}
