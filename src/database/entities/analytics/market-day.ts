import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { activityMeasures } from './measures.js'

/** In how many buckets the traders of a day fall, by which their number is estimated. */
export const activeBuckets = 1024

/**
 * A part of what happened in all negotiations of a day (`2026-11-22`, UTC), for operators; in as many as the market's cells.
 * `traders` are the buckets that the ids of those fall into who took part.
 */
export function createMarketDayEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'marketDay', version: '1' },
    attributes: {
      generation: { type: 'number', required: true, field: 'g' },
      currency: { type: 'string', required: true, field: 'c' },
      day: { type: 'string', required: true, field: 'd' },
      shard: { type: 'number', required: true, field: 'h' },
      traders: { type: 'set', items: 'number', field: 'tr' },
      ...activityMeasures
    },
    indexes: {
      day: {
        pk: { field: 'pk', composite: ['generation', 'currency'], template: 'stats#${generation}#days#${currency}', casing: 'none' },
        sk: { field: 'sk', composite: ['day', 'shard'], template: '${day}#${shard}', casing: 'none' }
      }
    }
  }, configuration)
}

export type MarketDayItem = EntityItem<ReturnType<typeof createMarketDayEntity>>
