import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import t from 'tap'
import { SerialQueue } from '../../src/shared/serial-queue.js'

class Away extends Error {}

const createQueue = (patience = 60_000) => new SerialQueue({ patience, busy: () => new Error('busy'), concernsAll: error => error instanceof Away })

/** A task that runs until it is told how to end. */
function held<Result> (queue: SerialQueue, key: string) {
  let end: (result: Result) => void = () => {}
  let fail: (error: Error) => void = () => {}
  const done = queue.run<Result>(key, async () => await new Promise((resolve, reject) => {
    end = resolve
    fail = reject
  }))
  return { done, end: (result: Result) => end(result), fail: (error: Error) => fail(error) }
}

t.test('tasks of a key run one at a time in the order in which they came, and others beside them', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c'), ms: fc.nat(3), fails: fc.boolean() })), async tasks => {
    const queue = createQueue()
    const running = new Set<string>()
    const ended: Record<string, number[]> = { a: [], b: [], c: [] }
    await Promise.allSettled(tasks.map(async ({ key, ms, fails }, n) => await queue.run(key, async () => {
      assert.ok(!running.has(key))
      running.add(key)
      await sleep(ms)
      running.delete(key)
      ended[key]?.push(n)
      if (fails) throw new Error('it failed')
      return n
    })))
    for (const [key, order] of Object.entries(ended)) {
      assert.deepEqual(order, tasks.flatMap((task, n) => task.key === key ? [n] : []))
    }
  }), { numRuns: 30 })
})

t.test('a failure that concerns one task is its own', async t => {
  const queue = createQueue()
  const first = held(queue, 'a')
  const second = queue.run('a', async () => 2)
  first.fail(new Error('only mine'))
  await t.rejects(first.done, { message: 'only mine' })
  t.equal(await second, 2)
})

t.test('a failure that concerns all ends all that wait at that time, at once and untried, and nobody after them', async t => {
  const queue = createQueue()
  const first = held(queue, 'a')
  let tried = 0
  const waiting = Array.from({ length: 64 }, () => queue.run('a', async () => ++tried))
  const elsewhere = held<number>(queue, 'b')
  const away = new Away()
  first.fail(away)
  for (const outcome of await Promise.allSettled([first.done, ...waiting])) {
    t.equal(outcome.status === 'rejected' && outcome.reason, away)
  }
  t.equal(tried, 0)
  t.equal(await queue.run('a', async () => 'next'), 'next')
  elsewhere.end(1)
  t.equal(await elsewhere.done, 1)
})

t.test('a wait ends when it has been too long, whatever the one ahead does, and the turn passes on to the next', async t => {
  const queue = createQueue(200)
  const first = held<number>(queue, 'a')
  const began = performance.now()
  let tried = false
  await t.rejects(queue.run('a', async () => {
    tried = true
    return 2
  }), { message: 'busy' })
  t.ok(performance.now() - began >= 190)
  const third = queue.run('a', async () => 3)
  first.end(1)
  t.equal(await first.done, 1)
  t.equal(await third, 3)
  t.notOk(tried, 'one that gave up is not run')
})

t.test('too many can\'t wait', async t => {
  const queue = createQueue()
  const first = held(queue, 'a')
  const waiting = Array.from({ length: 512 }, () => queue.run('a', async () => undefined))
  await t.rejects(queue.run('a', async () => undefined), { message: 'busy' })
  first.end(undefined)
  await Promise.all([first.done, ...waiting])
})
