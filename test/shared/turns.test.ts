import t from 'tap'
import { Trickle } from '../../src/shared/trickle.js'
import { Turns } from '../../src/shared/turns.js'

class Away extends Error {}

const createTurns = (size: number) => new Turns(size, error => error instanceof Away)

/** A task that runs until it is told how to end. */
function held (turns: Turns) {
  const state = { isRunning: false, end: () => {}, fail: (error: Error) => { throw error } }
  const done = turns.run(async () => await new Promise<void>((resolve, reject) => {
    Object.assign(state, { isRunning: true, end: resolve, fail: reject })
  }))
  done.catch(() => {})
  return Object.assign(state, { done })
}

const settled = async () => await new Promise<void>(resolve => setTimeout(resolve, 5))

t.test('so many run at once, the others in the order in which they came', async t => {
  const turns = createTurns(2)
  const tasks = [1, 2, 3, 4, 5].map(() => held(turns))
  const running = () => tasks.map(({ isRunning }) => isRunning)
  await settled()
  t.same(running(), [true, true, false, false, false])
  tasks[1]!.end()
  await settled()
  t.same(running(), [true, true, true, false, false])
  tasks[0]!.fail(new Error('only mine'))
  await t.rejects(tasks[0]!.done, { message: 'only mine' })
  await settled()
  t.same(running(), [true, true, true, true, false])
  for (const task of tasks.slice(2, 4)) task.end()
  await settled()
  tasks[4]!.end()
  await tasks[4]!.done
  t.equal(await turns.run(async () => 7), 7)
})

t.test('what concerns all fails those who wait, at once and untried, and nobody after them', async t => {
  const turns = createTurns(1)
  const tasks = [1, 2, 3].map(() => held(turns))
  await settled()
  const away = new Away()
  tasks[0]!.fail(away)
  for (const { done } of tasks) await t.rejects(done, away)
  t.same(tasks.map(({ isRunning }) => isRunning), [true, false, false])
  t.equal(await turns.run(async () => 'next'), 'next')
})

t.test('a burst is done a little each turn of the event loop, in order, and what comes meanwhile after it', async t => {
  const trickle = new Trickle(2)
  const done: Array<number | string> = []
  for (const n of [1, 2, 3, 4, 5]) {
    trickle.add(() => {
      done.push(n)
      if (n === 1) trickle.add(() => done.push(6))
    })
  }
  for (let turn = 0; turn < 5; turn++) {
    await new Promise<void>(resolve => setImmediate(resolve))
    done.push('turn')
  }
  t.same(done.filter(one => one !== 'turn'), [1, 2, 3, 4, 5, 6])
  for (let n = 0; n + 2 < done.length; n++) t.ok(done.slice(n, n + 3).includes('turn'), done.join())
  trickle.add(() => done.push(7))
  await new Promise<void>(resolve => setImmediate(resolve))
  t.equal(done.at(-1), 7)
})
