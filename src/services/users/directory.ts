import type { IndexKeys } from '../../database/direct/direct-entity.js'
import type { Entities } from '../../database/entities/index.js'
import { directoryShards, parseUserKey } from '../../database/entities/user.js'

/** A page of user ids in the order of their names. */
export interface DirectoryPage {
  userIds: string[]
  /** Where the next page starts, unless this is the last one. */
  next: IndexKeys | undefined
}

/**
 * Reads the directory: as many of each of its partitions as the page may hold, at once. Costs half an RCU for each partition.
 * @param prefix of the names' keys
 * @param after where the page starts
 */
export async function readDirectory (entities: Entities, { prefix, limit, after }: {
  prefix: string, limit: number, after: IndexKeys | undefined
}): Promise<DirectoryPage> {
  const parts = await Promise.all(directoryShards.map(async shard => {
    const place = after && { ...after, gsi1pk: `users#${shard}` }
    const range = prefix === '' ? undefined : { begin: { nameKey: prefix } }
    return await entities.direct.user.readIndex('directory', { shard }, { limit, order: 'asc', range, after: place })
  }))
  const found = parts.flatMap(({ items }) => items).sort((one, other) => compareKeys(one.gsi1sk, other.gsi1sk))
  const keys = found.slice(0, limit)
  const more = found.length > limit || parts.some(part => part.more)
  return { userIds: keys.map(({ pk = '' }) => parseUserKey(pk)), next: more ? keys.at(-1) : undefined }
}

/** The order of DynamoDB's keys: by their bytes in UTF-8. */
function compareKeys (one = '', other = ''): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
