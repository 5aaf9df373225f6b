import { createHash } from 'node:crypto'
import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/** The index partitions of the directory. Their number never changes: entries are found by it. */
export const directoryShards = [0, 1, 2, 3] as const

/** The index partition of a user's directory entry. */
export function directoryShardOf (userId: string): number {
  return createHash('sha256').update(userId).digest().readUInt8() % directoryShards.length
}

/**
 * A directory entry. `nameKey` is the form of the name that searches compare; it has no control characters, one of which
 * ends it in the index. One whom an integration has entered and who has never come has no `lastSeenAt`.
 * The directory is written when a user comes for the first time or changes name. It is spread over index partitions, each of which
 * takes 1,000 writes a second, by a hash of the user id: names crowd at some letters.
 */
export function createUserEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'user', version: '1' },
    attributes: {
      userId: { type: 'string', required: true },
      username: { type: 'string', required: true },
      nameKey: { type: 'string', required: true },
      lastSeenAt: { type: 'string' },
      locale: { type: 'string' },
      shard: { type: 'number', required: true }
    },
    indexes: {
      profile: {
        pk: { field: 'pk', composite: ['userId'], template: 'user#${userId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'profile', casing: 'none' }
      },
      directory: {
        index: 'gsi1',
        projection: 'keys_only',
        pk: { field: 'gsi1pk', composite: ['shard'], template: 'users#${shard}', casing: 'none' },
        sk: { field: 'gsi1sk', composite: ['nameKey', 'userId'], template: '${nameKey}\u001f${userId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type UserItem = EntityItem<ReturnType<typeof createUserEntity>>

/** The user whom the table's key of an entry, as an index brings it, is of. */
export function parseUserKey (pk: string): string {
  return pk.slice('user#'.length)
}
