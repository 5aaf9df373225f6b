import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Replayed } from '../../../schemas/delivery.js'
import type { Endpoint, EndpointWithSecret } from '../../../schemas/endpoint.js'
import { refused } from '../../support/problem.js'
import { isSignedWith, Receiver } from '../../support/receiver.js'
import { registryOf, type TestIntegration } from '../../support/integrations.js'
import { day, later, open } from '../../support/trades.js'
import { deliveriesOf, quickly, sendingApp, shiftClock, subscribe, told, untilDeliveries } from '../../support/webhooks.js'

async function change (integration: TestIntegration, { endpointId }: { endpointId: string }, payload: object) {
  return await integration.request({ method: 'PATCH', url: `/api/integrations/webhooks/${endpointId}`, payload })
}

async function show (integration: TestIntegration, { endpointId }: { endpointId: string }): Promise<Endpoint> {
  return (await integration.get(`/webhooks/${endpointId}`)).json<Endpoint>()
}

async function replay (t: Test, integration: TestIntegration, { endpointId }: { endpointId: string }, body: object): Promise<Replayed> {
  const response = await integration.post(`/webhooks/${endpointId}/replay`, { since: later(-day), ...body })
  t.equal(response.statusCode, 202, response.body)
  return response.json<Replayed>()
}

t.test('what an endpoint misses while it is switched off is held, and sent when it is replayed', async t => {
  const { integration, alice, bob, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url)
  await alice.say('bob', 'before')
  await receiver.until(received => received.length === 1)
  await change(integration, endpoint, { enabled: false })
  const offer = await open(alice, bob)
  await alice.say('bob', 'meanwhile')
  const held = await untilDeliveries(integration, endpoint, found => found.filter(({ state }) => state === 'held').length === 2)
  t.match(held, [{ state: 'held', seq: 3, attempts: 0, lastStatus: null }, { state: 'held', seq: 2 }, { state: 'delivered', seq: 1 }])
  t.match(await replay(t, integration, endpoint, { state: 'all' }), { replayed: 3, nextSince: null })
  await untilDeliveries(integration, endpoint, found => found.every(({ state }) => state === 'held'))
  t.equal(receiver.received.length, 1, 'it is still switched off')
  await change(integration, endpoint, { enabled: true })
  await alice.say('bob', 'after')
  t.match(await replay(t, integration, endpoint, { state: 'failed' }), { replayed: 0 })
  t.match(await replay(t, integration, endpoint, { state: 'all', until: new Date(Date.now() + 1000).toISOString() }), { nextSince: null })
  await receiver.until(received => told(received).length === 4)
  const first = receiver.received.find(({ event }) => event.type === 'trade.offered')!
  t.equal(first.headers['webhook-id'], `msg_${offer.messageId.replaceAll('-', '')}`)
  const ids = receiver.received.filter(({ event }) => 'message' in event.data && event.data.message.seq === 1).map(({ headers }) => headers['webhook-id'])
  t.equal(new Set(ids).size, 1, 'a replay has the id of the first attempt')
  t.ok(receiver.received.every(one => isSignedWith(endpoint.secret, one)))
})

t.test('an endpoint that answers 410 is disabled, and the others of its integration are told', async t => {
  const { integration, alice, receiver } = await sendingApp(t)
  const [gone, other] = [await subscribe(integration, receiver.url, ['message.created', 'endpoint.disabled']), await Receiver.open(t)]
  await subscribe(integration, other.url, ['endpoint.disabled'])
  const strange = await sendingApp(t)
  await subscribe(strange.integration, strange.receiver.url)
  receiver.answer = () => 410
  await alice.say('bob', 'one')
  await other.until(received => received.length === 1)
  t.match(other.received[0]!.event, { type: 'endpoint.disabled', data: { endpointId: gone.endpointId, url: receiver.url, reason: 'gone' } })
  t.match(other.received[0]!.headers['webhook-id'], /^msg_[0-9a-f]{32}$/)
  await alice.say('bob', 'two')
  t.match(await untilDeliveries(integration, gone, found => found.length === 2 && found.every(({ state }) => state === 'held')), [
    { seq: 2, attempts: 0 }, { seq: 1, attempts: 1, lastStatus: 410 }
  ])
  t.equal(receiver.received.length, 1)
  t.match(await show(integration, gone), { enabled: false, disabledReason: 'gone' })
  t.equal(strange.receiver.received.length, 0, 'nobody else is')
  receiver.answer = () => 204
  t.match((await change(integration, gone, { enabled: true })).json(), { enabled: true, disabledReason: null, failingSince: null })
  t.match(await replay(t, integration, gone, { state: 'all' }), { replayed: 2 })
  await receiver.until(received => told(received).length === 2 && received.length === 3)
})

t.test('an endpoint that only fails for five days is disabled, and a success in between begins them anew', async t => {
  const { app, integration, alice, receiver } = await sendingApp(t, { webhooks: { plan: quickly.slice(0, 1) } })
  const setAhead = shiftClock(t, app)
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  const failing = async (days: number, state = 'failed') => {
    setAhead(days * day)
    const count = (await deliveriesOf(integration, endpoint)).length
    await alice.say('bob', `after ${days} days`)
    await untilDeliveries(integration, endpoint, found => found.length > count && found[0]!.state === state)
  }
  receiver.answer = () => 500
  await failing(0)
  const { failingSince } = await show(integration, endpoint)
  t.ok(Math.abs(Date.parse(failingSince!) - Date.now()) < 60_000)
  await failing(4.9)
  t.match(await show(integration, endpoint), { enabled: true, failingSince })
  receiver.answer = () => 204
  await failing(4.95, 'delivered')
  t.match(await show(integration, endpoint), { enabled: true, failingSince: null })
  receiver.answer = () => 500
  await failing(5)
  await failing(9.9)
  t.match(await show(integration, endpoint), { enabled: true })
  await failing(10.1, 'held')
  t.match(await show(integration, endpoint), { enabled: false, disabledReason: 'failing' })
})

t.test('what the endpoints of a disabled integration miss is held as well', async t => {
  const { app, integration, alice, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  await registryOf(app).setDisabled(integration.id, true)
  await alice.say('bob', 'meanwhile')
  const { endpointId } = endpoint
  const held = async () => (await app.entities.direct.delivery.between({ endpointId, eventAt: 0, eventId: '' }, { endpointId, eventAt: Date.now() + day, eventId: '~' }, { limit: 1, order: 'asc' })).items
  while ((await held()).length === 0) await sleep(50)
  await registryOf(app).setDisabled(integration.id, false)
  t.match(await deliveriesOf(integration, endpoint), [{ state: 'held', seq: 1, attempts: 0 }])
  t.equal(receiver.received.length, 0)
  t.match(await replay(t, integration, endpoint, { state: 'all' }), { replayed: 1 })
  await receiver.until(received => received.length === 1)
})

t.test('a replay says where to go on, and refuses what is too long ago', async t => {
  const { app, integration, alice, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  await alice.say('bob', 'hello')
  await untilDeliveries(integration, endpoint, found => found.length === 1)
  const { direct } = app.entities
  const [known] = (await direct.delivery.between({ endpointId: endpoint.endpointId, eventAt: 0, eventId: '' }, { endpointId: endpoint.endpointId, eventAt: Date.now() + day, eventId: '~' }, { limit: 1, order: 'asc' })).items
  const start = Date.now() - day / 2
  const more = Array.from({ length: 1100 }, (_, n) => ({ ...known!, eventAt: start + n, eventId: `msg_${n.toString(16).padStart(32, '0')}`, state: 'failed' as const }))
  for (let n = 0; n < more.length; n += 100) await direct.transact(more.slice(n, n + 100).map(item => direct.delivery.put(item)))
  const first = await replay(t, integration, endpoint, { state: 'failed' })
  t.strictSame(first, { replayed: 1000, nextSince: new Date(start + 1000).toISOString() })
  t.strictSame(await replay(t, integration, endpoint, { state: 'failed', since: first.nextSince }), { replayed: 100, nextSince: null })
  t.strictSame(await replay(t, integration, endpoint, { state: 'failed' }), { replayed: 0, nextSince: null }, 'what is pending is left alone')
  const refuse = async (body: object) => refused(t, await integration.post(`/webhooks/${endpoint.endpointId}/replay`, { state: 'failed', since: later(-day), ...body }), 'validation_failed')
  t.match(await refuse({ since: later(-31 * day) }), { errors: [{ path: '/since', message: 'must be at most 30 days ago' }] })
  t.match(await refuse({ until: later(-2 * day) }), { errors: [{ path: '/until' }] })
  for (const body of [{ state: 'held' }, { since: 'yesterday' }, { since: '2016-12-31T23:59:60Z' }, { until: 5 }, { color: 'red' }]) await refuse(body)
})

t.test('a receiver that is busy is left alone for as long as it says', async t => {
  const { integration, alice, receiver } = await sendingApp(t)
  const endpoint: EndpointWithSecret = await subscribe(integration, receiver.url, ['message.created'])
  receiver.answer = () => response => response.writeHead(503, { 'retry-after': '999999' }).end()
  await alice.say('bob', 'hello')
  const [delivery] = await untilDeliveries(integration, endpoint, found => found.length === 1)
  t.match(delivery, { state: 'pending', attempts: 1, lastStatus: 503 })
  const wait = Date.parse(delivery!.nextAttemptAt!) - Date.now()
  t.ok(wait > day - 60_000 && wait <= day, 'a day at most')
})

t.test('who is told that an offer runs out is told with the same id at every attempt', async t => {
  const { app, integration, alice, bob, receiver } = await sendingApp(t)
  const setAhead = shiftClock(t, app)
  const endpoint = await subscribe(integration, receiver.url, ['trade.expiring', 'trade.expired'])
  let failures = 2
  receiver.answer = () => failures-- > 0 ? 500 : 204
  const expiresAt = new Date(Date.now() + day + 2500).toISOString()
  const offer = await open(alice, bob, { expiresAt, startTime: later(3 * day), text: 'Energy trade proposal' })
  await untilDeliveries(integration, endpoint, found => found.some(({ state }) => state === 'delivered'))
  t.strictSame(receiver.received.map(({ event }) => event.type), Array<string>(3).fill('trade.expiring'))
  t.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.match(receiver.received[0]!.event, {
    timestamp: new Date(Date.parse(expiresAt) - day).toISOString(), data: { offer: { messageId: offer.messageId, status: 'pending' }, hoursLeft: 24, expiresAt }
  })
  setAhead(23 * day / 24)
  await receiver.until(received => received.length === 4)
  t.match(receiver.received[3]!.event, { type: 'trade.expiring', data: { hoursLeft: 1 } })
  t.not(receiver.received[3]!.headers['webhook-id'], receiver.received[0]!.headers['webhook-id'])
  setAhead(day)
  await receiver.until(received => received.length === 5)
  t.match(receiver.received[4]!.event, { type: 'trade.expired', data: { offer: { messageId: offer.messageId, status: 'expired' } } })
  t.match((await deliveriesOf(integration, endpoint)).map(({ type, state, seq }) => [type, state, seq]).filter(([type]) => type === 'trade.expiring'), [
    ['trade.expiring', 'delivered', 1], ['trade.expiring', 'delivered', 1]
  ])
})
