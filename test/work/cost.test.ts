import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { pollInterval } from '../../src/work/worker.js'
import { listen, testApp } from '../support/helper.js'
import { requestUnits } from '../support/request-units.js'

t.test('a worker that has nothing to do costs less than 1 read unit a second, and writes nothing', async t => {
  const app = await testApp(t, { env: { WORKER: 'on' } })
  const meter = requestUnits(app)
  const startedAt = performance.now()
  const { read, write } = await meter(async () => {
    await listen(app)
    await sleep(3 * pollInterval)
  })
  const seconds = (performance.now() - startedAt) / 1000
  t.comment(`${read} RCU in ${seconds} s`)
  t.ok(read > 0)
  // A shard's first look comes at once, so that there may be one more than the interval says.
  t.ok(read <= 8 * 0.5 * (1 + seconds * 1000 / pollInterval), `${read} RCU in ${seconds} s`)
  t.equal(write, 0)
})
