import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/**
 * Where an integration wants to be told of events, beside the integration in its partition. Times are ms since the epoch. The secrets aren't
 * stored: they follow from `secretVersion`, which counts the rotations; until `previousUntil` the version before signs along.
 * `failingSince` is there while attempts fail, and `reason` while it is disabled. `fingerprint` is of what was asked for with an Idempotency-Key, from
 * which its id follows.
 */
export function createEndpointEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'endpoint', version: '1' },
    attributes: {
      integrationId: { type: 'string', required: true },
      endpointId: { type: 'string', required: true },
      url: { type: 'string', required: true },
      events: { type: 'list', required: true, items: { type: 'string' } },
      description: { type: 'string' },
      state: { type: ['enabled', 'disabled'] as const, required: true },
      reason: { type: ['asked', 'gone', 'failing'] as const },
      secretVersion: { type: 'number', required: true },
      previousUntil: { type: 'number' },
      failingSince: { type: 'number' },
      createdAt: { type: 'number', required: true },
      fingerprint: { type: 'string' }
    },
    indexes: {
      endpoint: {
        pk: { field: 'pk', composite: ['integrationId'], template: 'integration#${integrationId}', casing: 'none' },
        sk: { field: 'sk', composite: ['endpointId'], template: 'endpoint#${endpointId}', casing: 'none' }
      },
      all: {
        index: 'gsi1',
        projection: 'keys_only',
        pk: { field: 'gsi1pk', composite: [], template: 'endpoints', casing: 'none' },
        sk: { field: 'gsi1sk', composite: ['integrationId', 'endpointId'], template: '${integrationId}#${endpointId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type EndpointItem = EntityItem<ReturnType<typeof createEndpointEntity>>

/** What names an endpoint. */
export type EndpointKey = Pick<EndpointItem, 'integrationId' | 'endpointId'>

/** The endpoint that a sort key of the index `all` names. */
export function parseEndpointIndexKey (key: string): EndpointKey {
  const [integrationId = '', endpointId = ''] = key.split('#')
  return { integrationId, endpointId }
}
