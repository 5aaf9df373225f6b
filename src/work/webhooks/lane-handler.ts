import type { Direct } from '../../database/direct/index.js'
import { databaseUnavailable } from '../../database/faults.js'
import { deliveryOf, type Progress } from '../../services/webhooks/deliveries.js'
import { eventTimer, type DeliveryData } from '../../services/webhooks/delivery-timers.js'
import { eventOf, showMessageEvent, typeOf } from '../../services/webhooks/events.js'
import { isWhole, type Payloads } from '../../services/webhooks/payloads.js'
import { isWanted, mayReadTexts, type Subscriber, type Subscribers } from '../../services/webhooks/subscribers.js'
import type { Told } from '../../services/messaging/message-views.js'
import type { Clock } from '../../shared/clock.js'
import type { Outcome } from '../timers.js'
import type { Deliver } from './deliver.js'
import type { Lanes } from './lanes.js'
import type { Waiting } from './waiting.js'

/** How many events are sent at a time, and for how long, in ms: a claim on the timer lasts a minute, and an attempt may take 15 s. */
const limit = { events: 20, ms: 30_000 }
/**
 * After how many failures an event is left behind, to be tried by itself: what comes after it waits no longer. One that was refused may be
 * refused for ever; while nobody answers what comes after it wouldn't fare better.
 */
const failuresInLane = { refused: 2, unanswered: 3 }

/** Sends what an endpoint has not been told of a conversation, one event after the other. */
export type HandleLane = (endpointId: string, conversationId: string, data: DeliveryData, ending: AbortSignal) => Promise<Outcome>

export function createLaneHandler ({ direct, lanes, waiting, subscribers, payloads, deliver, clock }: {
  direct: Direct, lanes: Lanes, waiting: Waiting, subscribers: Subscribers, payloads: Payloads, deliver: Deliver, clock: Clock
}): HandleLane {
  async function attempt (subscriber: Subscriber, told: Told, failed: number): Promise<Progress> {
    if (subscriber.isHeld) return { state: 'held', attempts: failed }
    if (!isWhole(told)) return { state: 'failed', attempts: failed, fault: 'event_gone' }
    return await deliver(subscriber, eventOf(told.message).eventId, showMessageEvent(told, { texts: mayReadTexts(subscriber) }), failed)
  }

  /** @returns when the event is to be tried again before those after it, and how often it has failed; nothing where it is settled, or left behind */
  async function settle (subscriber: Subscriber, told: Told, failed: number) {
    const { endpoint } = subscriber
    const event = eventOf(told.message)
    const progress = await attempt(subscriber, told, failed)
    const { nextAt, attempts, status } = progress
    const most = status === undefined ? failuresInLane.unanswered : failuresInLane.refused
    const record = direct.delivery.put(deliveryOf(endpoint.endpointId, event, progress))
    if (nextAt === undefined) await direct.write(record)
    else if (attempts < most) return { again: nextAt, failed: attempts, isUnanswered: status === undefined, record }
    else if (await direct.transact([record, direct.work.put(eventTimer(endpoint, event, nextAt, attempts))]) !== undefined) throw databaseUnavailable()
    return undefined
  }

  return async (endpointId, conversationId, data, ending) => {
    const key = { endpointId, conversationId }
    const lane = await lanes.read(key)
    if (lane === undefined) return { done: true }
    const subscriber = await subscribers.read({ integrationId: data.integrationId, endpointId })
    if (subscriber === undefined) return { done: true, writes: [lanes.remove(key)] }
    const end = performance.now() + limit.ms
    let { next, upTo } = lane
    let { failed } = data
    for (let sent = 0; ;) {
      const found = await payloads.between(conversationId, next, upTo)
      for (const told of found) {
        next = told.message.seq
        if (isWanted(subscriber, typeOf(told.message))) {
          if (sent++ === limit.events || performance.now() >= end || ending.aborted) {
            return { again: clock.now(), attempt: 0, data: { ...data, failed }, writes: [lanes.progress(key, next)] }
          }
          const waits = await settle(subscriber, told, failed)
          if (waits !== undefined) {
            const { again, failed, isUnanswered, record } = waits
            const notes = isUnanswered ? [waiting.note(subscriber.endpoint, conversationId, again, failed)] : []
            return { again, attempt: 0, data: { ...data, failed }, writes: [lanes.progress(key, next), record, ...notes] }
          }
          failed = 0
        }
        next++
      }
      if (found.length === 0) next = upTo + 1
      // It brings what came meanwhile; and should something come at the very end, nothing is sent twice for it.
      const now = await lanes.advance(key, next)
      upTo = now.upTo
      if (next > upTo) return { done: true, writes: [lanes.end(now)] }
    }
  }
}
