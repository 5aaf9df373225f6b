import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { toldKind, workShards } from '../../src/database/entities/work.js'
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

/** Waits until no conversation is left with messages that others are to be told of. */
export async function settled ({ entities: { direct } }: Pick<FastifyInstance, 'entities'>): Promise<void> {
  const [first, last] = [{ dueAt: 0, kind: toldKind, subject: '' }, { dueAt: 0, kind: `${toldKind}~`, subject: '' }]
  for (;;) {
    const shards = await Promise.all(workShards.map(async shard => await direct.work.between(
      { shard, ...first }, { shard, ...last }, { limit: 1, order: 'asc' })))
    if (shards.every(({ items }) => items.length === 0)) return
    await sleep(20)
  }
}
