import type { Replay, Replayed } from '../../../schemas/delivery.js'
import type { Direct } from '../../database/direct/index.js'
import type { DeliveryItem } from '../../database/entities/delivery.js'
import type { EndpointKey } from '../../database/entities/endpoint.js'
import type { WorkItem } from '../../database/entities/work.js'
import { databaseUnavailable } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError, ruleBroken } from '../../wire/problem-error.js'
import { deliveryOf, keptFor } from './deliveries.js'
import { firstId, lastKey, readTime } from './delivery-list.js'
import { eventTimer } from './delivery-timers.js'
import type { StoredEvent } from './events.js'
import { showTime } from './endpoint-views.js'

/** How many events a call sends again, and how many it looks at for that. */
const most = { replayed: 1000, read: 10_000 }
const pageSize = 100
/** How many fit in a transaction, with a timer for each. */
const batchSize = 50
/** How much later than now the range may have begun after its 30 days, in ms: the clock of whoever asks may be behind. */
const tolerance = 60_000

/**
 * Sends events of a time again, each under its own id.
 * @throws ProblemError endpoint_not_found, validation_failed
 */
export type ReplayEvents = (key: EndpointKey, body: Replay) => Promise<Replayed>

/** @param options.wake has a timer handled here in time */
export function createReplay ({ direct, clock, wake }: { direct: Direct, clock: Clock, wake: (item: WorkItem) => void }): ReplayEvents {
  return async ({ integrationId, endpointId }, { since, until, state }) => {
    const key = { integrationId, endpointId }
    const now = clock.now()
    const from = readTime(since, '/since', 'body')
    const to = until === undefined ? lastKey.eventAt : readTime(until, '/until', 'body')
    if (from < now - keptFor - tolerance) throw ruleBroken('body', '/since', 'daysAgo', { limit: 30 })
    if (to <= from) throw ruleBroken('body', '/until', 'after', { other: 'since' })
    if (await direct.endpoint.get(key, { consistent: true }) === undefined) throw new ProblemError('endpoint_not_found')
    const { chosen, nextAt } = await choose(endpointId, from, to, ({ state: is }) => state === 'failed' ? is === 'failed' : is !== 'pending')
    let replayed = 0
    for (let n = 0; n < chosen.length; n += batchSize) replayed += await sendAgain(key, chosen.slice(n, n + batchSize), now + n)
    return { replayed, nextSince: showTime(nextAt) }
  }

  /** The deliveries of a time that are to be sent again, the oldest first, and when the first one happened that wasn't looked at. */
  async function choose (endpointId: string, from: number, to: number, isWanted: (item: DeliveryItem) => boolean) {
    const chosen: DeliveryItem[] = []
    const last = { endpointId, eventAt: to - 1, eventId: lastKey.eventId }
    let first = { endpointId, eventAt: from, eventId: firstId }
    for (let read = 0; ; read += pageSize) {
      const { items, more } = await direct.delivery.between(first, last, { limit: pageSize, order: 'asc' })
      for (const item of items) {
        if (chosen.length === most.replayed || read >= most.read) return { chosen, nextAt: item.eventAt }
        if (isWanted(item)) chosen.push(item)
      }
      const end = items.at(-1)
      if (!more || end === undefined) return { chosen, nextAt: undefined }
      // The key after the last one.
      first = { endpointId, eventAt: end.eventAt, eventId: `${end.eventId}\0` }
    }
  }

  /** Writes that some are pending, with their timers. @returns how many: those that have become something else meanwhile are left alone */
  async function sendAgain (key: EndpointKey, items: DeliveryItem[], now: number): Promise<number> {
    const { endpointId } = key
    let left = items.map((item, n) => {
      const { eventId, eventAt, eventType, conversationId, seq, detail } = item
      const event = { eventId, eventAt, eventType, ...(conversationId && { conversationId }), ...(seq && { seq }), ...(detail && { detail }) } as StoredEvent
      const timer = eventTimer(key, event, now + n)
      const change = direct.delivery.put(deliveryOf(endpointId, event, { state: 'pending', attempts: 0, nextAt: timer.dueAt }), { equal: { state: item.state } })
      return { timer, writes: [change, direct.work.put(timer)] }
    })
    for await (const _ of attempts()) {
      const refusals = left.length === 0 ? undefined : await direct.transact(left.flatMap(({ writes }) => writes))
      if (refusals === undefined) {
        for (const { timer } of left) wake(timer)
        return left.length
      }
      left = left.filter((_, n) => refusals[2 * n]?.code !== 'ConditionalCheckFailed')
    }
    throw databaseUnavailable()
  }
}
