import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { pollInterval } from '../../src/work/worker.js'
import { listen, testApp, TestUser } from '../support/helper.js'
import { requestUnits } from '../support/request-units.js'
import { day, later, open, respond, terms } from '../support/trades.js'

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

t.test('a mark costs 2 write units: every move at most 12, a text 6, and as before where nobody wants it', async t => {
  const app = await testApp(t)
  const meter = requestUnits(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await alice.say('bob', 'hello')
  await bob.say('alice', 'hello')
  const text = async () => (await meter(async () => await alice.say('bob', 'hello'))).write
  t.equal(await text(), 4)

  app.work.consumers.push({ wants: ({ messageType }) => messageType !== 'text', handle: async () => {} })
  t.equal(await text(), 4, 'only moves are wanted')
  const full = () => terms({ expiresAt: later(day / 2), endTime: later(2 * day), text: 'What do you think?' })
  let offer = { messageId: '' }
  const costs: Record<string, number> = {}
  const cost = async (name: string, action: () => Promise<unknown>) => { costs[name] = (await meter(action)).write }
  await cost('opening', async () => { offer = await open(alice, bob, full()) })
  await cost('counter that runs out at the same time', async () => await respond(bob, offer, { response: 'counter', pricePerUnit: 0.2 }))
  await cost('counter', async () => await respond(alice, offer, { response: 'counter', revision: 2, ...full() }))
  await cost('accept', async () => await respond(bob, offer, { response: 'accept', revision: 3 }))
  for (const response of ['reject', 'withdraw']) {
    offer = await open(alice, bob, full())
    await cost(response, async () => await respond(response === 'withdraw' ? alice : bob, offer, { response }))
  }
  t.comment(costs)
  for (const [name, units] of Object.entries(costs)) t.ok(units > 8 && units <= 12, `${name}: ${units} of 12 WCU`)

  app.work.consumers.push({ wants: () => true, handle: async () => {} })
  t.equal(await text(), 6)
})
