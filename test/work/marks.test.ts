import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { markKey } from '../../src/database/entities/work.js'
import { markOf } from '../../src/services/messaging/mark.js'
import { Claims, claimTime } from '../../src/work/claims.js'
import { Relay, type RelayedEvent } from '../../src/work/relay.js'
import { testApp } from '../support/helper.js'
import { marks, type Mark } from './marks.js'

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ type: 'append' as const }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('work' as const), worker: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const), worker: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 30_000, claimTime, claimTime + 1) }) }
)

/** A worker in the model: what it has claimed, and up to where it has told of it. */
interface ModelWorker { claimed?: Mark, next: number }

t.test('whatever the order, and whoever crashes when: every message is told, and none before one that it follows has been', async t => {
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), steps => {
    let mark: Mark | undefined
    let [now, last] = [1, 0]
    const told: number[] = []
    const workers: ModelWorker[] = [{ next: 0 }, { next: 0 }, { next: 0 }]

    const work = (worker: ModelWorker) => {
      const { claimed } = worker
      if (claimed === undefined) {
        const after = marks.claim(mark, now, now + claimTime)
        if (after === undefined) return
        mark = after
        Object.assign(worker, { claimed: after, next: after.untold })
      } else if (worker.next <= claimed.upTo) {
        assert.ok(worker.next === 1 || told.includes(worker.next - 1), `${worker.next} is told before the one that it follows`)
        told.push(worker.next++)
      } else {
        mark = marks.acknowledge(mark, claimed).mark
        worker.claimed = undefined
      }
      now++
    }

    for (const one of steps) {
      if (one.type === 'append') mark = marks.mark(mark, ++last)
      else if (one.type === 'work') work(workers[one.worker]!)
      else if (one.type === 'crash') workers[one.worker] = { next: 0 }
      else now += one.ms
    }
    // Those who are left work until nothing is.
    for (const worker of workers) worker.claimed = undefined
    now += claimTime + 1
    const isDone = () => mark === undefined
    while (!isDone()) work(workers[0]!)
    assert.deepEqual([...new Set(told)].sort((a, b) => a - b), Array.from({ length: last }, (_, n) => n + 1))
  }), { numRuns: 1000 })
  t.pass('all told')
})

t.test('the table holds what the model says, refusals included', async t => {
  const { entities: { direct } } = await testApp(t)
  let conversation = 0
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
    const conversationId = `a~b${++conversation}`
    const key = markKey(conversationId)
    const clock = { now: () => now, isUnsure: false }
    let [now, last] = [1, 0]
    let model: Mark | undefined
    const claims = new Claims(direct, clock)
    const held: Array<{ model: Mark, claimed: Exclude<Awaited<ReturnType<Claims['claim']>>, undefined> } | undefined> = []
    for (const one of steps) {
      now++
      if (one.type === 'append') {
        const seq = ++last
        await direct.write(markOf({ conversationId, seq }, now).write(direct))
        model = marks.mark(model, seq)
      } else if (one.type === 'wait') {
        now += one.ms
      } else if (one.type === 'crash') {
        held[one.worker] = undefined
      } else if (held[one.worker] === undefined) {
        const claimed = await claims.claim(key)
        const after = marks.claim(model, now, now + claimTime)
        assert.equal(claimed === undefined, after === undefined)
        if (claimed === undefined || after === undefined) continue
        model = after
        held[one.worker] = { model: after, claimed }
      } else {
        const { model: seen, claimed } = held[one.worker]!
        const { upTo = 0, claimedUntil } = claimed
        const gone = await claims.settle(direct.work.remove(claimed, { equal: { upTo, claimedUntil } }))
        if (!gone) await claims.settle(direct.work.update(claimed, { untold: upTo + 1 }, { equal: { claimedUntil } }, ['claimedUntil', 'attempt']))
        model = marks.acknowledge(model, seen).mark
        held[one.worker] = undefined
      }
      const stored = await direct.work.get(key, { consistent: true })
      const { untold, upTo, claimedUntil } = stored ?? {}
      assert.deepEqual(stored && { untold, upTo, ...(claimedUntil === undefined ? {} : { claimedUntil }) }, model)
    }
  }), { numRuns: 60 })
  t.pass('they agree')
})

t.test('a relay that fails where its consumer does tells again, from the same message on, after a pause', async t => {
  const { entities: { direct }, clock } = await testApp(t)
  const conversationId = 'a~b'
  for (let seq = 1; seq <= 3; seq++) {
    await direct.transact([
      direct.message.put({ conversationId, seq, messageId: `m${seq}`, senderId: 'a', receiverId: 'b', senderCount: seq, messageType: 'text', text: 'x', timestamp: 't' }),
      markOf({ conversationId, seq }, clock.now()).write(direct)
    ])
  }
  const told: number[] = []
  let fails = true
  const handle = async ({ message: { seq } }: RelayedEvent) => {
    if (seq === 2 && fails) throw new Error('not now')
    told.push(seq)
  }
  let ahead = 0
  const later = { now: () => clock.now() + ahead, isUnsure: false }
  const relay = new Relay(direct, new Claims(direct, later), later, [{ wants: () => true, handle }])
  await t.rejects(relay.work(conversationId), { message: 'not now' })
  t.match(await direct.work.get(markKey(conversationId), { consistent: true }), { untold: 1, upTo: 3, attempt: 1 })
  fails = false
  t.equal(await relay.work(conversationId), undefined, 'it rests')
  ahead = 2000
  t.equal(await relay.work(conversationId), 3)
  t.strictSame(told, [1, 1, 2, 3])
  t.equal(await direct.work.get(markKey(conversationId), { consistent: true }), undefined)
  t.equal(await relay.work(conversationId), undefined, 'nothing is left')
})
