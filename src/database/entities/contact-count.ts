import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/** How many conversations a user has begun on a day (`2026-11-22`, UTC). */
export function createContactCountEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'contactCount', version: '1' },
    attributes: {
      userId: { type: 'string', required: true },
      day: { type: 'string', required: true },
      count: { type: 'number', required: true },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      day: {
        pk: { field: 'pk', composite: ['userId', 'day'], template: 'contacts#${userId}#${day}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'count', casing: 'none' }
      }
    }
  }, configuration)
}

export type ContactCountItem = EntityItem<ReturnType<typeof createContactCountEntity>>
