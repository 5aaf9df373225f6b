import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { activityMeasures, tradedMeasures } from './measures.js'

/**
 * What a user did in a quarter hour on one side of the trade, and what is to be delivered from within it: activity counts at the time of the move,
 * energy and money at the beginning of the delivery. `start` is the beginning of the quarter hour, in ms since the epoch.
 */
export function createUserSlotEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'userSlot', version: '1' },
    attributes: {
      generation: { type: 'number', required: true, field: 'g' },
      userId: { type: 'string', required: true, field: 'u' },
      currency: { type: 'string', required: true, field: 'c' },
      start: { type: 'number', required: true, field: 's', padding: { length: 15, char: '0' } },
      side: { type: ['sell', 'buy'] as const, required: true, field: 'd' },
      ...activityMeasures,
      ...tradedMeasures
    },
    indexes: {
      slot: {
        pk: { field: 'pk', composite: ['generation', 'userId'], template: 'stats#${generation}#user#${userId}', casing: 'none' },
        sk: { field: 'sk', composite: ['currency', 'start', 'side'], template: '${currency}#${start}#${side}', casing: 'none' }
      }
    }
  }, configuration)
}

export type UserSlotItem = EntityItem<ReturnType<typeof createUserSlotEntity>>
