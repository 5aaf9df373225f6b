import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/** Up to which message the moves of a conversation are counted: it changes in the transaction that counts, so that each counts once. */
export function createStatsPositionEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'statsPosition', version: '1' },
    attributes: {
      generation: { type: 'number', required: true },
      conversationId: { type: 'string', required: true },
      upTo: { type: 'number', required: true }
    },
    indexes: {
      position: {
        pk: { field: 'pk', composite: ['generation', 'conversationId'], template: 'stats#${generation}#position#${conversationId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'position', casing: 'none' }
      }
    }
  }, configuration)
}

export type StatsPositionItem = EntityItem<ReturnType<typeof createStatsPositionEntity>>
