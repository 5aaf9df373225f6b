import { setTimeout as sleep } from 'node:timers/promises'
import type { ConversationItem } from '../../database/entities/conversation.js'
import type { DatabaseClient } from '../../database/database-client.js'
import type { Direct } from '../../database/direct/index.js'
import { conditionFailure } from '../../database/faults.js'
import { scanTable } from '../../database/scan.js'
import { PlainError } from '../../shared/plain-error.js'
import type { Counting } from './counting/counting.js'
import { generationKey, rememberedFor, type Generations } from './generations.js'

/** What a rebuild has done so far. */
export interface RebuildProgress {
  stage: 'begun' | 'counting' | 'shown' | 'removing'
  /** The generation that it builds. */
  generation: number
  /** Conversations that were looked at. */
  conversations: number
  /** Items of former generations that were removed. */
  removed: number
}

/** How long it is waited for processes that go by what they remembered, in ms. */
export interface RebuildPauses {
  /** Until all of them count into both generations. */
  before: number
  /** Until none of them writes into the former one any more: transactions that have begun are made, or given up. */
  after: number
}

const usualPauses: RebuildPauses = { before: rememberedFor + 1000, after: rememberedFor + 15_000 }

/** How many parts of the table are looked at at once. */
const segments = 4

/** How many items are removed at once in each of them. */
const removalsAtOnce = 25

/**
 * Counts everything anew from the log into a generation of its own, which then takes the place of the former one. Meanwhile the servers count what happens
 * into both. One that ended early is begun again; what it left behind goes with the former generation.
 *
 * Costs 2 RCU for every 4 KB of the table, what counting costs, less where a conversation's moves meet in the same items, and 1 WCU for each item of the former generation.
 * @param note is told now and then how far it has come, and waited for
 * @throws PlainError where somebody else rebuilds at the same time
 */
export async function rebuild ({ client, table, direct, generations, counting }: {
  client: DatabaseClient, table: string, direct: Direct, generations: Generations, counting: Counting
}, note: (progress: Readonly<RebuildProgress>) => Promise<void> = async () => {}, pauses = usualPauses): Promise<RebuildProgress> {
  const place = { client, table }
  const generation = await begin(direct, generations)
  const progress: RebuildProgress = { stage: 'begun', generation, conversations: 0, removed: 0 }
  await note(progress)
  await sleep(pauses.before)

  progress.stage = 'counting'
  const heads = { filter: '#e = :e', names: { '#e': '__edb_e__' }, values: { ':e': 'conversation' }, attributes: ['conversationId', 'seq'] }
  await scanTable<Pick<ConversationItem, 'conversationId' | 'seq'>>(place, heads, segments, async found => {
    for (const { conversationId, seq } of found) {
      await counting.countUpTo(generation, conversationId, seq)
      progress.conversations++
      await note(progress)
    }
  })
  await finish(direct, generation)

  progress.stage = 'shown'
  await note(progress)
  await sleep(pauses.after)
  progress.stage = 'removing'
  const former = {
    // A position has its generation under the longer name.
    filter: 'begins_with(pk, :stats) AND (g < :generation OR generation < :generation)', values: { ':stats': 'stats#', ':generation': generation }, attributes: ['pk', 'sk']
  }
  await scanTable<{ pk: string, sk: string }>(place, former, segments, async found => {
    for (let start = 0; start < found.length; start += removalsAtOnce) {
      const keys = found.slice(start, start + removalsAtOnce)
      await Promise.all(keys.map(async ({ pk, sk }) => await client.call('DeleteItem', { TableName: table, Key: { pk, sk } })))
      progress.removed += keys.length
      await note(progress)
    }
  })
  return progress
}

/** Has a generation built from now on: one that there never was, for others may still count into one that was given up. */
async function begin (direct: Direct, generations: Generations): Promise<number> {
  const { current, building } = await generations.counted()
  const next = Math.max(current, building ?? 0) + 1
  await change(direct.statsGeneration.update(generationKey, { building: next }, building === undefined ? { equal: { current }, lacking: ['building'] } : { equal: { current, building } }), direct)
  return next
}

/** Shows what was built. */
async function finish (direct: Direct, generation: number): Promise<void> {
  await change(direct.statsGeneration.update(generationKey, { current: generation }, { equal: { building: generation } }, ['building']), direct)
}

async function change (write: Parameters<Direct['write']>[0], direct: Direct): Promise<void> {
  try {
    await direct.write(write)
  } catch (error) {
    if (conditionFailure(error) === undefined) throw error
    throw new PlainError('Somebody else rebuilds as well: that one goes on, and this one has ended')
  }
}
