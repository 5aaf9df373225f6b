import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * That the timer of a lane waits until `dueAt` (ms since the epoch) because its endpoint could not be reached: when it is there again
 * it needn't wait any longer. It may still be here when the timer isn't.
 */
export function createWaitingLaneEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'waitingLane', version: '1' },
    attributes: {
      endpointId: { type: 'string', required: true },
      conversationId: { type: 'string', required: true },
      integrationId: { type: 'string', required: true },
      dueAt: { type: 'number', required: true },
      failed: { type: 'number', required: true },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      lane: {
        pk: { field: 'pk', composite: ['endpointId'], template: 'endpoint#${endpointId}', casing: 'none' },
        sk: { field: 'sk', composite: ['conversationId'], template: 'waiting#${conversationId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type WaitingLaneItem = EntityItem<ReturnType<typeof createWaitingLaneEntity>>
