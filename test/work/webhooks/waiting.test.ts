import t from 'tap'
import { listen, testApp } from '../../support/helper.js'
import { isSignedWith, Receiver } from '../../support/receiver.js'
import { quickly, sendingApp, subscribe, told, untilDeliveries } from '../../support/webhooks.js'

const hour = 60 * 60 * 1000

t.test('what waits for a receiver that can\'t be reached comes, in order, as soon as that is there again', async t => {
  const { integration, alice, receiver } = await sendingApp(t, { webhooks: { plan: [30, hour] } })
  const { port } = receiver
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  await receiver.close()
  for (const text of ['one', 'two', 'three']) await alice.say('bob', text)
  await untilDeliveries(integration, endpoint, found => found.length === 1 && found[0]!.attempts === 2)
  await alice.say('carol', 'another conversation')
  await untilDeliveries(integration, endpoint, found => found.length === 2 && found.every(({ attempts, lastFault }) => attempts === 2 && lastFault === 'connection_failed'))

  const again = await Receiver.open(t, '127.0.0.1', port)
  await alice.say('dave', 'who hears that?')
  await again.until(received => received.length >= 5)
  t.strictSame(told(again.received.filter(({ body }) => body.includes('"bob"'))), ['message.created 1', 'message.created 2', 'message.created 3'])
  await untilDeliveries(integration, endpoint, found => found.length === 5 && found.every(({ state }) => state === 'delivered'))
})

t.test('what a receiver refuses waits for its time, though other events are taken', async t => {
  const { integration, alice, receiver } = await sendingApp(t, { webhooks: { plan: [30, hour] } })
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  receiver.answer = ({ body }) => body.includes('no thanks') ? 500 : 204
  await alice.say('bob', 'no thanks')
  await untilDeliveries(integration, endpoint, found => found[0]?.attempts === 2)
  for (let n = 0; n < 5; n++) await alice.say('bob', 'and now?')
  await untilDeliveries(integration, endpoint, found => found.filter(({ state }) => state === 'delivered').length === 5)
  t.equal(receiver.received.filter(({ body }) => body.includes('no thanks')).length, 2)
})

t.test('a server that ends doesn\'t wait for a receiver, and what it left is sent by another one', async t => {
  const { app, integration, alice, receiver } = await sendingApp(t)
  const { endpointId, secret } = await subscribe(integration, receiver.url, ['message.created'])
  let isSilent = true
  receiver.answer = () => isSilent ? () => {} : 204
  await alice.say('bob', 'hello')
  await receiver.until(received => received.length === 1)
  await app.close()
  isSilent = false
  const other = await testApp(t, { env: { WORKER: 'on', TABLE_NAME: app.config.TABLE_NAME }, webhooks: { plan: quickly, maxAge: 15_000 } })
  await listen(other)
  // Nobody claims any more what the first one was at: that would last a minute.
  await receiver.until(received => received.length === 2, 30_000)
  t.ok(receiver.received.every(one => isSignedWith(secret, one)))
  t.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.match((await other.inject({ url: `/api/integrations/webhooks/${endpointId}`, headers: { authorization: `Bearer ${integration.key}` } })).json(), { enabled: true })
})
