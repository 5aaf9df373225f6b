import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { cancelled, intercept, sdkFault } from '../../support/faults.js'
import { listen, testApp, TestUser } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { Receiver } from '../../support/receiver.js'
import { areSigned, deliveriesOf, quickly, subscribe } from '../../support/webhooks.js'

const operations = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems']

/** Has a share of all calls fail: before they are made, or after, so that only their answer is lost; writes also because of a transaction. */
function breakAtRandom (t: Test, app: FastifyInstance, share: number) {
  for (const operation of operations) {
    intercept(t, app, operation, async attempt => {
      const chance = Math.random() / share
      if (chance >= 1) return await attempt()
      if (chance < 0.3 && operation === 'TransactWriteItems') throw cancelled('TransactionConflict', 'None')
      if (chance < 0.3 && operation.endsWith('Item') && operation !== 'GetItem') throw Object.assign(sdkFault('TransactionConflictException', 400))
      if (chance < 0.6) await attempt()
      throw sdkFault('ValidationException', 400)
    })
  }
}

t.test('whatever fails on the way, everything arrives, in order, and each delivery is there once', async t => {
  const idle = await testApp(t)
  const { TABLE_NAME } = idle.config
  const integration = await TestIntegration.make(idle, ['messages'])
  const receiver = await Receiver.open(t)
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  receiver.answer = () => Math.random() < 0.2 ? 500 : 204
  // Two that share the work, as instances do that know nothing of each other.
  for (let n = 0; n < 2; n++) {
    const app = await testApp(t, { env: { WORKER: 'on', TABLE_NAME }, webhooks: { plan: quickly, maxAge: 15_000 } })
    breakAtRandom(t, app, 0.03)
    await listen(app)
  }
  const alice = new TestUser(idle, 'alice')
  const others = ['bob', 'carol', 'dave', 'erin']
  const count = 6
  for (let n = 0; n < count; n++) {
    await Promise.all(others.map(async other => t.equal((await alice.say(other, `message ${n}`)).statusCode, 201)))
    await sleep(50)
  }
  await receiver.until(received => new Set(received.map(({ headers }) => headers['webhook-id'])).size === count * others.length, 240_000)
  for (const other of others) {
    const seqs = receiver.received.flatMap(({ event }) => event.type === 'message.created' && event.data.message.receiverId === other ? event.data.message.seq : [])
    t.strictSame([...new Set(seqs)], Array.from({ length: count }, (_, n) => n + 1), other)
  }
  t.ok(areSigned(receiver.received, endpoint))
  for (let deliveries = await deliveriesOf(integration, endpoint); ; deliveries = await deliveriesOf(integration, endpoint)) {
    if (deliveries.length === count * others.length && deliveries.every(({ state }) => state === 'delivered')) break
    await sleep(200)
  }
  t.comment(`${receiver.received.length} attempts for ${count * others.length} events`)
})
