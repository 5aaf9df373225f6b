import { parseDeliverySubject, type DeliveryData } from '../../services/webhooks/delivery-timers.js'
import type { TimerHandler } from '../timers.js'
import { createEventHandler } from './event-handler.js'
import { createLaneHandler } from './lane-handler.js'

/** Does what the timers of deliveries are for: that of a lane, or that of an event by itself. */
export function createDeliveryHandler (options: Parameters<typeof createLaneHandler>[0] & Parameters<typeof createEventHandler>[0]): TimerHandler {
  const handleLane = createLaneHandler(options)
  const handleEvent = createEventHandler(options)
  return async ({ subject, data: given }, ending) => {
    const data = given as unknown as DeliveryData
    const { endpointId, rest: conversationId } = parseDeliverySubject(subject)
    const { event } = data
    return event === undefined ? await handleLane(endpointId, conversationId, data, ending) : await handleEvent(endpointId, { ...data, event })
  }
}
