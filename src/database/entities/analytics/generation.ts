import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/**
 * Which generation of figures is shown, and which one is being built beside it. All other items of analytics belong to one: a rebuild counts everything anew
 * into the next one, and nobody sees it until it is whole. There is one such item at most; without it the generation is 1.
 *
 * `salt` is what user ids are hashed with where the distinct ones among many are counted (base64, 32 random bytes).
 */
export function createStatsGenerationEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'statsGeneration', version: '1' },
    attributes: {
      /** Always `stats`. */
      name: { type: 'string', required: true },
      current: { type: 'number', required: true },
      building: { type: 'number' },
      salt: { type: 'string', required: true }
    },
    indexes: {
      generation: {
        pk: { field: 'pk', composite: ['name'], template: '${name}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'generation', casing: 'none' }
      }
    }
  }, configuration)
}

export type StatsGenerationItem = EntityItem<ReturnType<typeof createStatsGenerationEntity>>
