import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * That a user may write nothing until `endsAt` (ms since the epoch), beside the directory entry; by whose key it was said is `integrationId`. DynamoDB
 * deletes it days after it has ended: compare `endsAt` yourself.
 */
export function createSuspensionEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'suspension', version: '1' },
    attributes: {
      userId: { type: 'string', required: true },
      endsAt: { type: 'number', required: true },
      reason: { type: 'string', required: true },
      integrationId: { type: 'string', required: true },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      suspension: {
        pk: { field: 'pk', composite: ['userId'], template: 'user#${userId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'suspension', casing: 'none' }
      }
    }
  }, configuration)
}

export type SuspensionItem = EntityItem<ReturnType<typeof createSuspensionEntity>>
