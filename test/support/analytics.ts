import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { markKey, toldKind, workShards, type WorkItem } from '../../src/database/entities/work.js'
import { createCounting } from '../../src/services/analytics/counting/counting.js'
import { generationKey, Generations } from '../../src/services/analytics/generations.js'
import { rebuild, type RebuildProgress } from '../../src/services/analytics/rebuild.js'
import { Claims, claimTime } from '../../src/work/claims.js'
import { Relay } from '../../src/work/relay.js'
import { scan } from './erasure.js'
import { listen, testApp, type TestAppOptions } from './helper.js'

/** An app that counts what happens, and listens. */
export interface CountedApp {
  app: FastifyInstance
  url: string
  /** Waits until everything that has happened is counted. */
  settled: () => Promise<void>
}

/** Starts an app that counts: figures are there once it has `settled`. */
export async function countedApp (t: Test, { env, ...options }: TestAppOptions = {}): Promise<CountedApp> {
  const app = await testApp(t, { ...options, env: { ANALYTICS: 'on', WORKER: 'on', ...env } })
  const url = await listen(app)
  return { app, url, settled: async () => await settled(app) }
}

/**
 * Waits until no conversation is left with messages that others are to be told of.
 * @param asIfLater tells of them here, as when all claims have ended
 */
export async function settled (app: FastifyInstance, { asIfLater = false } = {}): Promise<void> {
  for (;;) {
    const marks = await readMarks(app)
    if (marks.length === 0) return
    if (asIfLater) await Promise.all(marks.map(async ({ subject }) => await relayOf(app, claimTime + 1).work(subject)))
    else await sleep(20)
  }
}

/** Tells consumers as an app does, at a time that is ahead by some ms. */
export function relayOf ({ clock, entities: { direct }, work }: FastifyInstance, ahead = 0): Relay {
  const later = { now: () => clock.now() + ahead, isUnsure: false }
  return new Relay(direct, new Claims(direct, later), later, work.consumers)
}

async function readMarks ({ entities: { direct } }: FastifyInstance): Promise<WorkItem[]> {
  const [first, last] = [{ dueAt: 0, kind: toldKind, subject: '' }, { dueAt: 0, kind: `${toldKind}~`, subject: '' }]
  const shards = await Promise.all(workShards.map(async shard => await direct.work.between(
    { shard, ...first }, { shard, ...last }, { limit: 100, order: 'asc' })))
  return shards.flatMap(({ items }) => items)
}

/** Has everything in all conversations told once more. */
export async function tellAgain (app: FastifyInstance): Promise<void> {
  const { direct } = app.entities
  for (const item of await scan(app)) {
    if (item.__edb_e__ !== 'conversation') continue
    const { conversationId, seq } = direct.conversation.load(item)
    await direct.write(direct.work.upsert({ ...markKey(conversationId), upTo: seq, untold: 1 }, { markedAt: app.clock.now() }))
  }
}

/** The salt of an installation that has counted something. */
export async function saltOf ({ entities: { direct } }: FastifyInstance): Promise<string> {
  return (await direct.statsGeneration.get(generationKey, { consistent: true }))!.salt
}

/** Rebuilds the figures of an app, as the command does, without waiting for those who remember. */
export async function rebuildFigures ({ config: { TABLE_NAME: table, MARKET_GRANULARITY: granularity }, dynamodb: client, entities: { direct } }: FastifyInstance, note?: (progress: Readonly<RebuildProgress>) => Promise<void>): Promise<RebuildProgress> {
  const generations = new Generations(direct)
  const counting = createCounting({ direct, generations, granularity })
  return await rebuild({ client, table, direct, generations, counting }, note, { before: 0, after: 0 })
}
