import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { tradedMeasures } from './measures.js'

/** In how many items a cell of the market is counted: those who trade in it at the same time seldom meet. Never changed without a rebuild. */
export const marketShards = 8

/** In how many buckets the sellers and buyers of a cell fall: as many are distinct at least as buckets are hit. */
export const traderBuckets = 64

/**
 * A part of what all users agreed for deliveries that begin in a cell of the market: an hour or a day, from `start` on, in ms since the epoch.
 * `sellers` and `buyers` are the buckets that their ids fall into: no id can be told from them.
 */
export function createMarketCellEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'marketCell', version: '1' },
    attributes: {
      generation: { type: 'number', required: true, field: 'g' },
      currency: { type: 'string', required: true, field: 'c' },
      granularity: { type: ['hour', 'day'] as const, required: true, field: 'l' },
      /** The month of `start` (`2026-11`, UTC). */
      month: { type: 'string', required: true, field: 'm' },
      start: { type: 'number', required: true, field: 's', padding: { length: 15, char: '0' } },
      shard: { type: 'number', required: true, field: 'h' },
      sellers: { type: 'set', items: 'number', field: 'sl' },
      buyers: { type: 'set', items: 'number', field: 'by' },
      ...tradedMeasures
    },
    indexes: {
      cell: {
        pk: {
          field: 'pk', composite: ['generation', 'granularity', 'currency', 'month'], template: 'stats#${generation}#market#${granularity}#${currency}#${month}', casing: 'none'
        },
        sk: { field: 'sk', composite: ['start', 'shard'], template: '${start}#${shard}', casing: 'none' }
      }
    }
  }, configuration)
}

export type MarketCellItem = EntityItem<ReturnType<typeof createMarketCellEntity>>
