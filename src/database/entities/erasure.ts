import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * That a user's own things are to be erased, beside the directory entry. Times are ms since the epoch: it was asked for at `askedAt`, waits until
 * `erasesAt`, began at `startedAt`. When it is done it is remembered for a while (`ttl`), so that who is still signed in from before isn't
 * entered again.
 */
export function createErasureEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'erasure', version: '1' },
    attributes: {
      userId: { type: 'string', required: true },
      askedAt: { type: 'number', required: true },
      erasesAt: { type: 'number', required: true },
      stage: { type: ['waiting', 'erasing', 'erased'] as const, required: true },
      startedAt: { type: 'number' },
      ttl: { type: 'number', field: ttlAttribute }
    },
    indexes: {
      erasure: {
        pk: { field: 'pk', composite: ['userId'], template: 'user#${userId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'erasure', casing: 'none' }
      }
    }
  }, configuration)
}

export type ErasureItem = EntityItem<ReturnType<typeof createErasureEntity>>
