import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { FastifyInstance } from 'fastify'
import { workShards, type WorkItem } from '../../src/database/entities/work.js'
import { eraseKind } from '../../src/services/account/erasures.js'
import { Claims } from '../../src/work/claims.js'
import { runTimer } from '../../src/work/run-timer.js'
import { TestUser } from './helper.js'

/** A user who has signed in so many seconds ago, or will have in a while. */
export function signedIn (app: FastifyInstance, id: string, seconds = 0, claims: object = {}): TestUser {
  return new TestUser(app, id, { auth_time: Math.floor(Date.now() / 1000) - seconds, ...claims })
}

/** Every item of the table, with its keys. */
export async function scan (app: FastifyInstance): Promise<Array<Record<string, unknown>>> {
  const items: Array<Record<string, unknown>> = []
  for (let start: ScanCommandOutput['LastEvaluatedKey'], more = true; more;) {
    const page: ScanCommandOutput = await app.dynamodb.sdk.send(new ScanCommand({ TableName: app.config.TABLE_NAME, ConsistentRead: true, ExclusiveStartKey: start }))
    for (const item of page.Items ?? []) items.push(unmarshall(item))
    start = page.LastEvaluatedKey
    more = start !== undefined
  }
  return items
}

/** Every text that a value holds, names of attributes included. */
export function textsIn (value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)])
}

/** The timers of erasures of a user, or of all. */
export async function erasureTimers ({ entities: { direct } }: FastifyInstance, userId = ''): Promise<WorkItem[]> {
  const shards = await Promise.all(workShards.map(async shard => await direct.work.between(
    { shard, dueAt: 0, kind: '', subject: '' }, { shard, dueAt: 999_999_999_999_999, kind: '~', subject: '' }, { limit: 100, order: 'asc' })))
  return shards.flatMap(({ items }) => items).filter(({ kind, subject }) => kind === eraseKind && subject.startsWith(userId === '' ? '' : `${userId}#`))
}

/** Works on the timers of a user's erasures as a process does, once each, at a time that is ahead by some ms. */
export async function workOnErasure (app: FastifyInstance, userId: string, ahead = 0, timers?: WorkItem[]): Promise<void> {
  const clock = { now: () => app.clock.now() + ahead, isUnsure: false }
  const { direct } = app.entities
  for (const timer of timers ?? await erasureTimers(app, userId)) {
    await runTimer({ direct, clock, claims: new Claims(direct, clock) }, app.work.kinds[eraseKind]!.handle, timer)
  }
}

/** Erases what a user has asked to be erased, to the end. */
export async function erase (app: FastifyInstance, userId: string, ahead = 0): Promise<void> {
  while ((await erasureTimers(app, userId)).length > 0) await workOnErasure(app, userId, ahead)
}
