import t, { type Test } from 'tap'
import { testApp, TestUser } from '../../support/helper.js'
import { requestUnits } from '../../support/request-units.js'
import { open, respond } from '../../support/trades.js'

/** What requests write, in WCU. */
async function written (t: Test, analytics: 'on' | 'off') {
  const app = await testApp(t, { env: { ANALYTICS: analytics } })
  const meter = requestUnits(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const costs: Record<string, number> = {}
  const cost = async (name: string, request: () => Promise<unknown>) => { costs[name] = (await meter(request)).write }
  let offer = await open(alice, bob)
  await cost('open', async () => { offer = await open(alice, bob) })
  await cost('counter', async () => await respond(bob, offer, { response: 'counter', pricePerUnit: 0.2 }))
  await cost('accept', async () => await respond(alice, offer, { response: 'accept', revision: 2 }))
  for (const response of ['reject', 'withdraw']) {
    offer = await open(alice, bob)
    await cost(response, async () => await respond(response === 'reject' ? bob : alice, offer, { response }))
  }
  await cost('text', async () => await alice.say('bob', 'Sunny tomorrow'))
  return costs
}

t.test('a move that is counted costs a mark more, 2 write units; a counter and a text nothing', async t => {
  const [without, counted] = [await written(t, 'off'), await written(t, 'on')]
  const more = Object.fromEntries(Object.entries(counted).map(([name, units]) => [name, units - without[name]!]))
  t.comment(without, counted)
  t.strictSame(more, { open: 2, counter: 0, accept: 2, reject: 2, withdraw: 2, text: 0 })
})
