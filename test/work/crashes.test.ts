import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { toldKind, workItem, workShards, type WorkItem } from '../../src/database/entities/work.js'
import { markOf } from '../../src/services/messaging/mark.js'
import { Claims, claimTime } from '../../src/work/claims.js'
import { Relay } from '../../src/work/relay.js'
import { runTimer } from '../../src/work/run-timer.js'
import { breakCall, kinds } from '../support/break-call.js'
import { testApp } from '../support/helper.js'

/** Everything that is to be done, whenever. */
async function work (app: FastifyInstance): Promise<WorkItem[]> {
  const shards = await Promise.all(workShards.map(async shard => await app.entities.direct.work.between(
    { shard, dueAt: 0, kind: '', subject: '' }, { shard, dueAt: 999_999_999_999_999, kind: '~', subject: '' }, { limit: 100, order: 'asc' })))
  return shards.flatMap(({ items }) => items)
}

/** Runs a scenario with each of its calls broken in each way, one at a time. */
async function atEveryCall (t: Test, app: FastifyInstance, scenario: (broken: ReturnType<typeof breakCall>, name: string) => Promise<void>) {
  let runs = 0
  for (const kind of kinds) {
    for (let at = 0; ; at++) {
      const broken = breakCall(t, app, at, kind)
      await scenario(broken, `${kind} at call ${at}`)
      broken.remove()
      runs++
      if (broken.count <= at) break
    }
  }
  t.ok(runs > 4 * kinds.length, `${runs} runs`)
}

t.test('whatever call of the database fails while marks are worked, every message is told, in order, and the mark goes', async t => {
  const app = await testApp(t)
  const { entities: { direct }, clock } = app
  let ahead = 0
  const later = { now: () => clock.now() + ahead, isUnsure: false }
  await atEveryCall(t, app, async (broken, name) => {
    const conversationId = `a~${randomUUID()}`
    const append = async (seq: number) => await direct.transact([
      direct.message.put({ conversationId, seq, messageId: `m${seq}`, senderId: 'a', receiverId: 'b', senderCount: seq, messageType: 'text', text: 'x', timestamp: 't' }),
      markOf({ conversationId, seq }, later.now()).write(direct)
    ])
    broken.mended = true
    for (const seq of [1, 2, 3]) await append(seq)
    broken.mended = false

    const told: number[] = []
    let meanwhile = 1
    const relay = () => new Relay(direct, new Claims(direct, later), later, [{
      wants: () => true,
      async handle ({ message: { seq } }) {
        told.push(seq)
        // One more comes while the third one is told.
        if (seq === 3 && meanwhile-- > 0) {
          const { mended } = broken
          broken.mended = true
          await append(4)
          broken.mended = mended
        }
      }
    }])
    await relay().work(conversationId).catch(() => {})
    broken.mended = true
    // Another process, when the claim of the first one has ended.
    ahead += claimTime + 1
    await relay().work(conversationId)
    t.strictSame([...new Set(told)], [1, 2, 3, 4], name)
    t.strictSame((await work(app)).filter(({ kind }) => kind === toldKind), [], `${name}: no mark is left`)
  })
})

t.test('whatever call of the database fails while a timer is worked, it has its effect once, and goes', async t => {
  const app = await testApp(t)
  const { entities: { direct }, clock } = app
  let ahead = 0
  const later = { now: () => clock.now() + ahead, isUnsure: false }
  await atEveryCall(t, app, async (broken, name) => {
    const userId = randomUUID()
    const effect = direct.idempotencyKey.put({ userId, key: 'effect', fingerprint: 'x', conversationId: 'a~b', seq: 1, ttl: 1 }, { absent: true })
    const timer = workItem({ kind: 'test', subject: userId, dueAt: later.now() })
    broken.mended = true
    await direct.write(direct.work.put(timer))
    broken.mended = false
    let calls = 0
    // It comes again once, and has its effect with that.
    const handle = async ({ data }: { data: Readonly<Record<string, unknown>> }) => {
      calls++
      return data.second === true ? { done: true as const } : { again: later.now() + 1000, data: { second: true }, writes: [effect] }
    }
    for (let round = 0; round < 6; round++) {
      for (const item of (await workUnbroken(app, broken)).filter(({ subject }) => subject === userId)) {
        await runTimer({ direct, clock: later, claims: new Claims(direct, later) }, handle, item).catch(() => {})
      }
      broken.mended = round > 0
      ahead += claimTime + 1000
    }
    t.ok(await direct.idempotencyKey.get({ userId, key: 'effect' }, { consistent: true }), `${name}: the effect is there`)
    t.ok(calls >= 2 && calls <= 4, `${name}: ${calls} calls`)
    t.strictSame((await work(app)).filter(({ subject }) => subject === userId), [], `${name}: no timer is left`)
  })
})

async function workUnbroken (app: FastifyInstance, broken: { mended: boolean }) {
  const { mended } = broken
  broken.mended = true
  const items = await work(app)
  broken.mended = mended
  return items
}
