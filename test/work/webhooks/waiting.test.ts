import t from 'tap'
import { Receiver } from '../../support/receiver.js'
import { sendingApp, subscribe, told, untilDeliveries } from '../../support/webhooks.js'

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
