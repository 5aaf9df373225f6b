import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { tradedMeasures } from './measures.js'

/** What a user agreed with another one, on one side of the trade, for deliveries that begin in a month (`2026-11`, UTC). */
export function createCounterpartyEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'counterparty', version: '1' },
    attributes: {
      generation: { type: 'number', required: true, field: 'g' },
      userId: { type: 'string', required: true, field: 'u' },
      month: { type: 'string', required: true, field: 'm' },
      currency: { type: 'string', required: true, field: 'c' },
      otherId: { type: 'string', required: true, field: 'w' },
      side: { type: ['sell', 'buy'] as const, required: true, field: 'd' },
      ...tradedMeasures
    },
    indexes: {
      counterparty: {
        pk: { field: 'pk', composite: ['generation', 'userId'], template: 'stats#${generation}#with#${userId}', casing: 'none' },
        sk: {
          field: 'sk', composite: ['month', 'currency', 'otherId', 'side'], template: '${month}#${currency}#${otherId}#${side}', casing: 'none'
        }
      }
    }
  }, configuration)
}

export type CounterpartyItem = EntityItem<ReturnType<typeof createCounterpartyEntity>>
