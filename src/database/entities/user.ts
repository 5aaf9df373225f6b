import { Entity, type EntityConfiguration } from 'electrodb'

/**
 * A directory entry. `nameKey` is the form of the name that searches compare; it has no control characters, one of which
 * ends it in the index.
 * The directory is one index partition: it holds keys only and is written when a user comes for the first time or
 * changes name.
 */
export function createUserEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'user', version: '1' },
    attributes: {
      userId: { type: 'string', required: true },
      username: { type: 'string', required: true },
      nameKey: { type: 'string', required: true },
      lastSeenAt: { type: 'string', required: true }
    },
    indexes: {
      profile: {
        pk: { field: 'pk', composite: ['userId'], template: 'user#${userId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'profile', casing: 'none' }
      },
      directory: {
        index: 'gsi1',
        projection: 'keys_only',
        pk: { field: 'gsi1pk', composite: [], template: 'users', casing: 'none' },
        sk: { field: 'gsi1sk', composite: ['nameKey', 'userId'], template: '${nameKey}\u001f${userId}', casing: 'none' }
      }
    }
  }, configuration)
}

/** The user whom the table's key of an entry, as an index brings it, is of. */
export function parseUserKey (pk: string): string {
  return pk.slice('user#'.length)
}
