import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * What became of an event for an endpoint, in the order of when events happened. What is sent isn't stored: it is made of the log, or of
 * `detail` where an event isn't in it. Times are ms since the epoch.
 */
export function createDeliveryEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'delivery', version: '1' },
    attributes: {
      endpointId: { type: 'string', required: true },
      eventAt: { type: 'number', required: true, padding: { length: 15, char: '0' } },
      eventId: { type: 'string', required: true },
      eventType: { type: 'string', required: true },
      conversationId: { type: 'string' },
      seq: { type: 'number' },
      detail: { type: 'any' },
      state: { type: ['pending', 'delivered', 'failed', 'held'] as const, required: true },
      attempts: { type: 'number', required: true },
      lastStatus: { type: 'number' },
      lastFault: { type: 'string' },
      nextAt: { type: 'number' },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      delivery: {
        pk: { field: 'pk', composite: ['endpointId'], template: 'endpoint#${endpointId}', casing: 'none' },
        sk: { field: 'sk', composite: ['eventAt', 'eventId'], template: 'delivery#${eventAt}#${eventId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type DeliveryItem = EntityItem<ReturnType<typeof createDeliveryEntity>>

/** What names a delivery. */
export type DeliveryKey = Pick<DeliveryItem, 'endpointId' | 'eventAt' | 'eventId'>
