import type { DeliveryFault, DeliveryState } from '../../../schemas/delivery.js'
import type { DeliveryItem } from '../../database/entities/delivery.js'
import type { StoredEvent } from './events.js'

const seconds = 1000

/** How long what became of an event is kept after it happened, in ms. */
export const keptFor = 30 * 24 * 60 * 60 * seconds

/** What has become of an event so far. */
export interface Progress {
  state: DeliveryState
  attempts: number
  /** Of the last attempt. */
  status?: number
  fault?: DeliveryFault
  /** When it is tried again, in ms since the epoch. */
  nextAt?: number
}

/** What is kept of what has become of an event for an endpoint. */
export function deliveryOf (endpointId: string, event: StoredEvent, { state, attempts, status: lastStatus, fault: lastFault, nextAt }: Progress): DeliveryItem {
  return { endpointId, ...event, state, attempts, lastStatus, lastFault, nextAt, ttl: endOf(event.eventAt) }
}

/** When something that is kept as long goes, in seconds since the epoch. @param at ms since the epoch */
export function endOf (at: number): number {
  return Math.ceil((at + keptFor) / seconds)
}
