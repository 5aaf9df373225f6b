import { createHash } from 'node:crypto'
import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/** The partitions of what is to be done. Their number never changes: items are found by it. */
export const workShards = [0, 1, 2, 3, 4, 5, 6, 7] as const

/**
 * What is to be done, in the order of when: it goes when it is done.
 *
 * - A mark (`told`, due at 0) says that messages of a conversation, its `subject`, are to be told to others: those from `untold` to `upTo`,
 *   since `markedAt` (ms since the epoch).
 * - Every other kind is a timer: something is due at `dueAt` (ms since the epoch).
 *
 * Who works on one has a claim on it until `claimedUntil`; what it began before it crashed is begun again after that. `attempt` counts
 * the failures since the last success.
 */
export function createWorkEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'work', version: '1' },
    attributes: {
      shard: { type: 'number', required: true },
      dueAt: { type: 'number', required: true, padding: { length: 15, char: '0' } },
      kind: { type: 'string', required: true },
      subject: { type: 'string', required: true },
      untold: { type: 'number' },
      upTo: { type: 'number' },
      markedAt: { type: 'number' },
      attempt: { type: 'number' },
      claimedUntil: { type: 'number' },
      data: { type: 'any' }
    },
    indexes: {
      place: {
        pk: { field: 'pk', composite: ['shard'], template: 'work#${shard}', casing: 'none' },
        sk: { field: 'sk', composite: ['dueAt', 'kind', 'subject'], template: '${dueAt}#${kind}#${subject}', casing: 'none' }
      }
    }
  }, configuration)
}

export type WorkItem = EntityItem<ReturnType<typeof createWorkEntity>>

/** What names an item of work. */
export type WorkKey = Pick<WorkItem, 'shard' | 'dueAt' | 'kind' | 'subject'>

/** The kind of marks. */
export const toldKind = 'told'

/** The partition of a subject's work. */
export function workShardOf (subject: string): number {
  return createHash('sha256').update(subject).digest().readUInt8() % workShards.length
}

/** What is stored of something that is to be done. */
export function workItem <Part extends Pick<WorkItem, 'dueAt' | 'kind' | 'subject'>> (part: Part): Part & WorkKey {
  return { ...part, shard: workShardOf(part.subject) }
}

/** The key of the mark on a conversation. */
export function markKey (conversationId: string): WorkKey {
  return workItem({ kind: toldKind, subject: conversationId, dueAt: 0 })
}
