import type { DirectEntity } from '../../../database/direct/direct-entity.js'

/** How many items are asked for at a time; a page ends after 1 MB anyway. */
const pageSize = 5000

/**
 * Reads all items from one key to another, eventually consistent, however many pages they are.
 * @param after the first key behind that of an item
 */
export async function * readAll<Item extends object, KeyName extends keyof Item> (
  entity: DirectEntity<Item, KeyName>, first: Pick<Item, KeyName>, last: Pick<Item, KeyName>, after: (item: Item) => Pick<Item, KeyName>
): AsyncGenerator<Item, void> {
  for (let from = first; ;) {
    const { items, more } = await entity.between(from, last, { limit: pageSize, order: 'asc', consistent: false })
    yield * items
    const end = items.at(-1)
    if (!more || end === undefined) return
    from = after(end)
  }
}
