import type { WorkItem } from '../database/entities/work.js'

interface ShardBacklog {
  due: number
  /** When the oldest of it became due, in ms since the epoch. */
  oldest: number
}

/** How much is due, as it was found the last time. */
export class Backlog {
  readonly #shards = new Map<number, ShardBacklog>()

  /** How many items are due. */
  get due (): number {
    return [...this.#shards.values()].reduce((sum, { due }) => sum + due, 0)
  }

  /** Since when the oldest of them is due, in ms since the epoch; infinitely far ahead where none is. */
  get oldest (): number {
    return Math.min(...[...this.#shards.values()].map(({ oldest }) => oldest))
  }

  /** Notes what is in a shard. @param now ms since the epoch */
  note (shard: number, items: readonly WorkItem[], now: number): void {
    const times = items.map(({ dueAt, markedAt }) => dueAt === 0 ? markedAt ?? now : dueAt).filter(at => at <= now)
    this.#shards.set(shard, { due: times.length, oldest: Math.min(...times) })
  }
}
