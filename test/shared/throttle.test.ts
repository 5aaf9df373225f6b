import t from 'tap'
import { Throttle } from '../../src/shared/throttle.js'

t.test('what is spent takes its time, and what was not spent before is not made up for', async t => {
  let now = 0
  const throttle = new Throttle(25, { now: () => now, sleep: async ms => { now += ms } })
  for (let n = 0; n < 100; n++) await throttle.spend(1)
  t.equal(Math.round(now), 4000)
  now += 60_000
  await throttle.spend(50)
  t.equal(Math.round(now), 66_000)
})

t.test('without a limit nothing waits', async t => {
  const throttle = new Throttle(Infinity, { now: () => 0, sleep: async () => { throw new Error('it waits') } })
  await t.resolves(throttle.spend(1000))
})
