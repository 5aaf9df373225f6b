import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * Remembers which message a request with an Idempotency-Key made. It is written in the transaction of that message, so
 * that either both are there or neither. DynamoDB deletes expired items days late: compare `ttl` yourself.
 */
export function createIdempotencyKeyEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'idempotencyKey', version: '1' },
    attributes: {
      userId: { type: 'string', required: true },
      key: { type: 'string', required: true },
      fingerprint: { type: 'string', required: true },
      conversationId: { type: 'string', required: true },
      seq: { type: 'number', required: true },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      key: {
        pk: { field: 'pk', composite: ['userId', 'key'], template: 'idempotency#${userId}#${key}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'key', casing: 'none' }
      }
    }
  }, configuration)
}

export type IdempotencyKeyItem = EntityItem<ReturnType<typeof createIdempotencyKeyEntity>>
