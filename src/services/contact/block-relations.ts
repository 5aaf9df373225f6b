import type { BlockItem } from '../../database/entities/block.js'
import type { Entities } from '../../database/entities/index.js'
import { BoundedMap } from '../../shared/bounded-map.js'

/** How long it is remembered between whom and a user there is a block: another instance may have written one since. In milliseconds. */
const rememberedFor = 3000
/** Of how many users it is remembered. */
const maxUsers = 50_000
/** How many are read at once. */
const batch = 1000

/** The users between whom and a user there is a block, whoever of the two made it. */
export class BlockRelations {
  /** `at` is when it was so, in ms of `performance.now()`. */
  readonly #known = new BoundedMap<string, { others: ReadonlySet<string>, at: number }>(maxUsers)

  constructor (private readonly entities: Entities) {}

  /** Costs half an RCU for some 30 of them, where that isn't remembered. */
  async of (userId: string): Promise<ReadonlySet<string>> {
    const known = this.#recall(userId)
    if (known !== undefined) return known
    const startedAt = performance.now()
    const others = await this.#read(userId, { consistent: false })
    // What was written here while this was read is newer.
    const { at, others: newer } = this.#known.get(userId) ?? { at: -Infinity, others }
    if (at >= startedAt) return newer
    this.#known.set(userId, { others, at: startedAt })
    return others
  }

  /** Whether there is one between two users, as far as it is remembered: what was written here is, for longer than a replica may lag. */
  isKnown (userId: string, otherId: string): boolean {
    return this.#recall(userId)?.has(otherId) === true
  }

  /** One between two users was written or taken back. Costs 1 RCU for some 30 that either has. */
  async changed (...userIds: string[]): Promise<void> {
    await Promise.all(userIds.map(async userId => {
      const others = await this.#read(userId, { consistent: true })
      this.#known.set(userId, { others, at: performance.now() })
    }))
  }

  #recall (userId: string): ReadonlySet<string> | undefined {
    const { others, at } = this.#known.get(userId) ?? { at: -Infinity }
    return performance.now() - at < rememberedFor ? others : undefined
  }

  async #read (userId: string, { consistent }: { consistent: boolean }): Promise<ReadonlySet<string>> {
    const others = new Set<string>()
    for (let after: string | undefined, more = true; more;) {
      const page = await readBlocks(this.entities, userId, { after, limit: batch, consistent })
      for (const { otherId } of page.items) others.add(otherId)
      after = page.items.at(-1)?.otherId
      more = page.more
    }
    return others
  }
}

/**
 * Reads what blocks concern a user, by the id of the other.
 * @param after the id after which it begins
 */
export async function readBlocks ({ direct }: Entities, userId: string, { after, limit, consistent }: {
  after: string | undefined, limit: number, consistent: boolean
}): Promise<{ items: BlockItem[], more: boolean }> {
  // No character of a user id comes before ! or after ~.
  const first = { userId, otherId: after === undefined ? '' : `${after}!` }
  return await direct.block.between(first, { userId, otherId: '~' }, { limit, order: 'asc', consistent })
}
