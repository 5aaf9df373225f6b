import { databaseUnavailable } from './faults.js'
import { attempts } from '../shared/backoff.js'

/**
 * Reads items by key, every one that is there: when capacity is short, DynamoDB answers a part of a batch and leaves the
 * rest unprocessed, which ElectroDB hands on without an error.
 * @param get one batch read
 * @throws ProblemError database_unavailable when that doesn't end
 */
export async function getAll<Key, Item> (get: (keys: Key[]) => Promise<{ data: Item[], unprocessed: Key[] }>, keys: Key[]): Promise<Item[]> {
  if (keys.length === 0) return []
  const items: Item[] = []
  let left = keys
  for await (const _ of attempts()) {
    const { data, unprocessed } = await get(left)
    items.push(...data)
    if (unprocessed.length === 0) return items
    left = unprocessed
  }
  throw databaseUnavailable()
}
