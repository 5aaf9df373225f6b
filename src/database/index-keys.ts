/** The keys of one item as an index returns them. */
export type IndexKeys = Readonly<Record<string, string>>

interface IndexQuery {
  go: (options: { data: 'raw', limit: number, order: 'asc' | 'desc', cursor?: string }) => Promise<unknown>
}

/**
 * Reads one page of keys from an index: half a request unit for every 4 KB of keys, whatever the items weigh.
 * @param query an ElectroDB query on an index
 * @param after keys of the item after which the page starts
 * @returns at most `limit` keys in index order, and whether there may be more
 */
export async function readIndexKeys (query: IndexQuery, options: {
  limit: number, order: 'asc' | 'desc', after?: IndexKeys
}): Promise<{ keys: IndexKeys[], more: boolean }> {
  const { items, more } = await readIndex<IndexKeys>(query, options)
  return { keys: items, more }
}

/** Reads one page of what an index holds, as it is in the table; see `readIndexKeys`. */
export async function readIndex<Item> (query: IndexQuery, { limit, order, after }: {
  limit: number, order: 'asc' | 'desc', after?: IndexKeys
}): Promise<{ items: Item[], more: boolean }> {
  // In raw mode ElectroDB takes the cursor as it is for ExclusiveStartKey.
  const cursor = after as unknown as string | undefined
  const { data } = await query.go({ data: 'raw', limit, order, cursor }) as { data: { Items?: Item[], LastEvaluatedKey?: IndexKeys } }
  return { items: data.Items ?? [], more: data.LastEvaluatedKey !== undefined }
}
