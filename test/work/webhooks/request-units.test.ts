import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { workShards } from '../../../src/database/entities/work.js'
import { TestUser, testApp } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { requestUnits } from '../../support/request-units.js'
import { open, respond } from '../../support/trades.js'
import { sendingApp, subscribe, untilDeliveries } from '../../support/webhooks.js'

/** What is still to be done. */
async function left ({ entities: { direct } }: FastifyInstance): Promise<string[]> {
  const all = await Promise.all(workShards.map(async shard => {
    const first = { shard, dueAt: 0, kind: '', subject: '' }
    return (await direct.work.between(first, { ...first, dueAt: Date.now() + 10_000, kind: '~' }, { limit: 100, order: 'asc' })).items
  }))
  return all.flat().map(({ kind }) => kind)
}

t.test('a move costs 2 WCU more where webhooks want it, and nothing where they don\'t', async t => {
  const app = await testApp(t)
  const measure = requestUnits(app)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  for (const [user, other] of [[alice, 'bob'], [bob, 'alice']] as const) await user.say(other, 'hello')
  const counter = async () => {
    const offer = await open(alice, bob)
    return await measure(async () => t.equal((await respond(bob, offer, { response: 'accept' })).statusCode, 200))
  }
  const without = await counter()
  const text = await measure(async () => await alice.say('bob', 'hello'))
  t.strictSame(text, { read: 0, write: 4 })
  const integration = await TestIntegration.make(app, ['trades'])
  await subscribe(integration, 'https://billing.example/', ['trade.accepted'])
  const wanted = await counter()
  t.equal(wanted.write, without.write + 2)
  t.ok(wanted.write <= 12, `${wanted.write} WCU`)
  t.strictSame(await measure(async () => await alice.say('bob', 'hello')), text, 'nobody wants a text')
})

t.test('what it costs that an event is told and sent', async t => {
  const { app, integration, alice, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  const measure = requestUnits(app)
  const send = async (t: Test, count: number) => {
    const before = receiver.received.length
    const units = await measure(async () => {
      await Promise.all(Array.from({ length: count }, async () => t.equal((await alice.say('bob', 'hello')).statusCode, 201)))
      await receiver.until(received => received.length === before + count)
      await sleep(1000)
    })
    await untilDeliveries(integration, endpoint, found => found.length === before + count)
    while ((await left(app)).length > 0) await sleep(100)
    return units
  }
  await send(t, 1)
  const one = await send(t, 1)
  t.comment(`one event: ${JSON.stringify(one)}`)
  // Of them 6 are those of the message and its mark, 2 of the mark's end.
  t.ok(one.write <= 8 + 14, `${one.write} WCU`)
  const many = await send(t, 20)
  t.comment(`20 events at once: ${JSON.stringify(many)}`)
  t.ok(many.write < 20 * one.write * 0.75, 'a burst shares what its lane costs')
})
