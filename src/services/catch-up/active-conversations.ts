import { parseIndexSortKey, type ConversationItem, type IndexPlace } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import { pairOf } from '../messaging/pair.js'

/** A user is the first of some pairs and the second of others; each has an index. */
const sides = ['first', 'second'] as const

/** A conversation in a user's indexes. */
export interface Stop extends IndexPlace {
  /** Which of the pair the user is. */
  side: typeof sides[number]
}

/** How many keys are read at once at most. */
const maxPage = 50

/** The conversation that a user finds at a stop. */
function conversationAt (userId: string, { otherId }: Stop): string {
  return pairOf(userId, otherId).conversationId
}

/**
 * Walks a user's conversations in the order of their index keys, the oldest first in either index: one that becomes active
 * meanwhile moves ahead of the reader, who finds it twice rather than not at all. Costs half a request unit a page.
 * @param from when the index keys were written, in ms since the epoch, or later
 * @param after the stop to go on after
 * @param size of the first page: it doubles from page to page, so that who needs few pays for few, and who needs many asks seldom
 */
export async function * activeConversations ({ direct }: Entities, userId: string, { from, after, size }: {
  from: number, after?: Stop, size: number
}): AsyncGenerator<Stop[]> {
  const start = { from: { indexedAt: Math.max(0, from) } }
  const read = {
    first: async (limit: number, last?: Stop) => await direct.conversation.readIndex('byFirst', { firstId: userId }, {
      limit, order: 'asc', range: last === undefined ? start : { above: { indexedAt: last.indexedAt, secondId: last.otherId } }
    }),
    second: async (limit: number, last?: Stop) => await direct.conversation.readIndex('bySecond', { secondId: userId }, {
      limit, order: 'asc', range: last === undefined ? start : { above: { indexedAt: last.indexedAt, firstId: last.otherId } }
    })
  }
  let limit = Math.min(size, maxPage)
  for (const side of sides.slice(after === undefined ? 0 : sides.indexOf(after.side))) {
    let last = after?.side === side ? after : undefined
    for (let more = true; more;) {
      const page = await read[side](limit, last)
      const stops = page.items.map(({ gsi1sk, gsi2sk }) => ({ side, ...parseIndexSortKey((side === 'first' ? gsi1sk : gsi2sk) ?? '') }))
      if (stops.length > 0) yield stops
      last = stops.at(-1) ?? last
      more = page.more && stops.length > 0
      limit = Math.min(2 * limit, maxPage)
    }
  }
}

/**
 * Visits a user's conversations in that order, with their heads, strongly consistent: 1 RCU each beside what the walk costs.
 * @param from as for the walk
 * @param visit the stop to begin with: it needn't be in the index at this moment
 * @param size of the walk's first page
 */
export async function * visitConversations (entities: Entities, userId: string, { from, visit, size }: {
  from: number, visit?: Stop, size: number
}): AsyncGenerator<{ stop: Stop, head: ConversationItem }> {
  const ahead = activeConversations(entities, userId, { from, after: visit, size })
  for await (const stops of visit === undefined ? ahead : prepend([visit], ahead)) {
    const keys = stops.map(stop => ({ conversationId: conversationAt(userId, stop) }))
    const heads = new Map((await entities.direct.conversation.getAll(keys, { consistent: true })).map(head => [head.conversationId, head]))
    for (const { side, indexedAt, otherId } of stops) {
      const stop = { side, indexedAt, otherId }
      const head = heads.get(conversationAt(userId, stop))
      if (head !== undefined) yield { stop, head }
    }
  }
}

async function * prepend<Item> (first: Item, rest: AsyncIterable<Item>): AsyncGenerator<Item> {
  yield first
  yield * rest
}
