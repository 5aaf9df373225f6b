import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * How far an endpoint has been told of a conversation: its messages from `next` to `upTo` are still to be looked at, one after the other.
 * While it is `busy` there is a timer for that, and only its handler changes `next`; otherwise nothing is to be done.
 */
export function createLaneEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'lane', version: '1' },
    attributes: {
      endpointId: { type: 'string', required: true },
      conversationId: { type: 'string', required: true },
      next: { type: 'number', required: true },
      upTo: { type: 'number', required: true },
      busy: { type: 'boolean', required: true },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      lane: {
        pk: { field: 'pk', composite: ['endpointId'], template: 'endpoint#${endpointId}', casing: 'none' },
        sk: { field: 'sk', composite: ['conversationId'], template: 'lane#${conversationId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type LaneItem = EntityItem<ReturnType<typeof createLaneEntity>>

/** What names a lane. */
export type LaneKey = Pick<LaneItem, 'endpointId' | 'conversationId'>
