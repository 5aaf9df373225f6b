import type { EndpointKey } from '../../database/entities/endpoint.js'
import { workItem } from '../../database/entities/work.js'
import type { StoredEvent } from './events.js'

/** The kind of the timers by which events are sent. */
export const deliverKind = 'deliver'

/** What a timer says of what is to be sent: without an event the next ones of its lane. */
export interface DeliveryData {
  integrationId: string
  /** How often the event that is next has failed. */
  failed: number
  event?: StoredEvent
}

/** The timer of a lane: it sends what an endpoint has not been told of a conversation. */
export function laneTimer ({ integrationId, endpointId }: EndpointKey, conversationId: string, dueAt: number, failed = 0) {
  return workItem({ kind: deliverKind, subject: `${endpointId}#${conversationId}`, dueAt, data: { integrationId, failed } })
}

/** The timer of an event that is sent by itself, whatever else there is to send. */
export function eventTimer ({ integrationId, endpointId }: EndpointKey, event: StoredEvent, dueAt: number, failed = 0) {
  return workItem({ kind: deliverKind, subject: `${endpointId}#${event.eventId}`, dueAt, data: { integrationId, failed, event } })
}

/** The endpoint that a timer's subject names, and its conversation where it is that of a lane. */
export function parseDeliverySubject (subject: string): { endpointId: string, rest: string } {
  const end = subject.indexOf('#')
  return { endpointId: subject.slice(0, end), rest: subject.slice(end + 1) }
}
