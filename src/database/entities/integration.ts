import { CustomAttributeType, Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import type { Scope } from '../../../schemas/integration.js'

/**
 * An integration: a server of somebody else's that works with this one under keys. Of a key the hash is kept only. Times are ms since
 * the epoch. `version` counts the changes: each is made on condition that it is the next one.
 */
export function createIntegrationEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'integration', version: '1' },
    attributes: {
      integrationId: { type: 'string', required: true },
      name: { type: 'string', required: true },
      scopes: { type: 'list', required: true, items: { type: CustomAttributeType<Scope>('string') } },
      keys: {
        type: 'list',
        required: true,
        items: {
          type: 'map',
          properties: {
            id: { type: 'string', required: true },
            hash: { type: 'string', required: true },
            createdAt: { type: 'number', required: true },
            endsAt: { type: 'number' }
          }
        }
      },
      isDisabled: { type: 'boolean', required: true },
      version: { type: 'number', required: true }
    },
    indexes: {
      integration: {
        pk: { field: 'pk', composite: ['integrationId'], template: 'integration#${integrationId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'integration', casing: 'none' }
      },
      all: {
        index: 'gsi1',
        projection: 'keys_only',
        pk: { field: 'gsi1pk', composite: [], template: 'integrations', casing: 'none' },
        sk: { field: 'gsi1sk', composite: ['integrationId'], template: '${integrationId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type IntegrationItem = EntityItem<ReturnType<typeof createIntegrationEntity>>

/** A key as it is stored. */
export type StoredKey = IntegrationItem['keys'][number]
