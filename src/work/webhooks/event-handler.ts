import type { Direct } from '../../database/direct/index.js'
import { deliveryOf, type Progress } from '../../services/webhooks/deliveries.js'
import type { DeliveryData } from '../../services/webhooks/delivery-timers.js'
import type { StoredEvent } from '../../services/webhooks/events.js'
import type { Payloads } from '../../services/webhooks/payloads.js'
import { mayReadTexts, type Subscribers } from '../../services/webhooks/subscribers.js'
import type { Outcome } from '../timers.js'
import type { Deliver } from './deliver.js'

/** Sends one event by itself, until it has arrived or is given up. */
export type HandleEvent = (endpointId: string, data: DeliveryData & { event: StoredEvent }) => Promise<Outcome>

export function createEventHandler ({ direct, subscribers, payloads, deliver }: {
  direct: Direct, subscribers: Subscribers, payloads: Payloads, deliver: Deliver
}): HandleEvent {
  return async (endpointId, data) => {
    const { integrationId, failed, event } = data
    const subscriber = await subscribers.read({ integrationId, endpointId })
    if (subscriber === undefined) return { done: true }
    const attempt = async (): Promise<Progress> => {
      if (subscriber.isHeld) return { state: 'held', attempts: failed }
      const payload = await payloads.of(event, { texts: mayReadTexts(subscriber) })
      if (payload === undefined) return { state: 'failed', attempts: failed, fault: 'event_gone' }
      return await deliver(subscriber, event.eventId, payload, failed)
    }
    const progress = await attempt()
    const writes = [direct.delivery.put(deliveryOf(endpointId, event, progress))]
    const { state, nextAt, attempts } = progress
    return state === 'pending' && nextAt !== undefined
      ? { again: nextAt, attempt: 0, data: { ...data, failed: attempts }, writes }
      : { done: true, writes }
  }
}
