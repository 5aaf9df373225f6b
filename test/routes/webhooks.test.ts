import t from 'tap'
import type { TestResult } from '../../schemas/delivery.js'
import type { Endpoint, EndpointWithSecret, NewSecret } from '../../schemas/endpoint.js'
import { listen, testApp, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { refused } from '../support/problem.js'
import { isSignedThen, isSignedWith, Receiver } from '../support/receiver.js'
import { open } from '../support/trades.js'
import { allTypes, deliveriesOf, sendingApp, shiftClock, subscribe, told, untilDeliveries } from '../support/webhooks.js'

const url = 'https://billing.example/equilux'

t.test('an endpoint is made, shown, changed and removed', async t => {
  const integration = await TestIntegration.make(await testApp(t), ['trades', 'messages'])
  const made = await integration.post('/webhooks', { url, events: ['trade.accepted', 'message.created'], description: 'Billing' })
  t.equal(made.statusCode, 201)
  const { secret, ...endpoint } = made.json<EndpointWithSecret>()
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  t.match(endpoint, {
    url, events: ['trade.accepted', 'message.created'], description: 'Billing', enabled: true, disabledReason: null, failingSince: null, previousSecretUntil: null
  })
  const path = `/webhooks/${endpoint.endpointId}`
  t.strictSame((await integration.get(path)).json(), endpoint, 'the secret isn\'t shown again')
  const second = (await integration.post('/webhooks', { url: `${url}2`, events: ['endpoint.disabled'] })).json<EndpointWithSecret>()
  t.not(second.secret, secret)
  const { endpoints } = (await integration.get('/webhooks')).json<{ endpoints: Endpoint[] }>()
  t.strictSame(endpoints.map(({ endpointId }) => endpointId), [endpoint.endpointId, second.endpointId])

  const change = async (payload: object) => await integration.request({ method: 'PATCH', url: `/api/integrations${path}`, payload })
  t.strictSame((await change({ url: `${url}3`, events: ['trade.offered'] })).json(), { ...endpoint, url: `${url}3`, events: ['trade.offered'] })
  t.match((await change({ enabled: false })).json(), { enabled: false, disabledReason: 'asked' })
  t.match((await change({ description: 'Off' })).json(), { enabled: false, disabledReason: 'asked', description: 'Off' })
  t.match((await change({ enabled: true })).json(), { enabled: true, disabledReason: null, url: `${url}3` })
  for (const body of [{}, { enabled: 'yes' }, { events: [] }, { secret }, { url: '' }]) refused(t, await change(body), 'validation_failed')

  const removed = await integration.request({ method: 'DELETE', url: `/api/integrations${path}` })
  t.strictSame([removed.statusCode, removed.body], [204, ''])
  refused(t, await integration.get(path), 'endpoint_not_found')
  refused(t, await change({ enabled: true }), 'endpoint_not_found')
  refused(t, await integration.request({ method: 'DELETE', url: `/api/integrations${path}` }), 'endpoint_not_found')
})

t.test('with an Idempotency-Key one endpoint is made, however often it is asked for at once', async t => {
  const app = await testApp(t)
  const integration = await TestIntegration.make(app, ['trades', 'messages'])
  const body = { url, events: ['trade.accepted', 'trade.offered'] }
  const headers = { 'idempotency-key': 'endpoint-of-billing' }
  const responses = await Promise.all(Array.from({ length: 12 }, async () => await integration.post('/webhooks', body, headers)))
  for (const response of responses) t.strictSame([response.statusCode, response.json()], [201, responses[0]!.json()])
  t.equal(responses.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
  t.equal((await integration.get('/webhooks')).json<{ endpoints: Endpoint[] }>().endpoints.length, 1)
  refused(t, await integration.post('/webhooks', { ...body, url: `${url}2` }, headers), 'idempotency_key_reused')
  const other = await TestIntegration.make(app, ['trades'])
  t.not((await other.post('/webhooks', body, headers)).json<Endpoint>().endpointId, responses[0]!.json<Endpoint>().endpointId)
})

t.test('what can\'t be an endpoint is refused', async t => {
  const app = await testApp(t)
  const integration = await TestIntegration.make(app, ['trades'])
  for (const hostile of ['http://10.0.0.1/', 'https://169.254.169.254/', 'https://printer.local/', 'https://user@billing.example/', 'ftp://billing.example/', 'https://[fd00::1]/']) {
    const problem = refused(t, await integration.post('/webhooks', { url: hostile, events: ['trade.offered'] }), 'url_not_allowed', hostile)
    t.notMatch(problem.detail, hostile)
  }
  refused(t, await integration.post('/webhooks', { url, events: ['trade.offered', 'message.created'] }), 'scope_missing')
  for (const body of [
    { url }, { events: ['trade.offered'] }, { url, events: ['ping'] }, { url, events: ['trade.unheard'] }, { url, events: ['trade.offered', 'trade.offered'] },
    { url: 5, events: ['trade.offered'] }, { url: `https://billing.example/${'x'.repeat(2048)}`, events: ['trade.offered'] }, { url, events: ['trade.offered'], secret: 'x' }
  ]) refused(t, await integration.post('/webhooks', body), 'validation_failed')
  const { endpointId } = await subscribe(integration, url, ['trade.offered'])
  const change = async (payload: object) => await integration.request({ method: 'PATCH', url: `/api/integrations/webhooks/${endpointId}`, payload })
  refused(t, await change({ events: ['message.created'] }), 'scope_missing')
  refused(t, await change({ url: 'https://localtest/' }), 'url_not_allowed')
  for (const id of ['0', 'x'.repeat(16), '..']) t.equal((await integration.get(`/webhooks/${id}`)).statusCode >= 400, true, id)
})

t.test('in production an endpoint on this machine, or without TLS, is refused', async t => {
  const env = { NODE_ENV: 'production', CLIENT_URL: 'https://app.example', AWS_REGION: 'eu-central-1' }
  const integration = await TestIntegration.make(await testApp(t, { env }), ['trades'])
  for (const local of ['http://billing.example/', 'https://localhost/', 'https://127.0.0.1/', 'https://[::1]/']) {
    refused(t, await integration.post('/webhooks', { url: local, events: ['trade.offered'] }), 'url_not_allowed', local)
  }
})

t.test('an integration has ten endpoints at most', async t => {
  const integration = await TestIntegration.make(await testApp(t), ['trades'])
  const made = []
  for (let n = 0; n < 10; n++) made.push(await subscribe(integration, `${url}/${n}`, ['trade.offered']))
  refused(t, await integration.post('/webhooks', { url, events: ['trade.offered'] }), 'too_many_endpoints')
  await integration.request({ method: 'DELETE', url: `/api/integrations/webhooks/${made[3]!.endpointId}` })
  t.equal((await integration.post('/webhooks', { url, events: ['trade.offered'] })).statusCode, 201)
})

t.test('after a rotation both secrets verify for a day, and then the new one alone', async t => {
  const { app, integration, alice, receiver } = await sendingApp(t)
  const setAhead = shiftClock(t, app)
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  const rotate = async () => (await integration.post(`/webhooks/${endpoint.endpointId}/secret`, {})).json<NewSecret>()
  const verifiedBy = async (...secrets: string[]) => {
    const count = receiver.received.length
    await alice.say('bob', 'hello')
    await receiver.until(received => received.length > count)
    return secrets.map(secret => isSignedThen(secret, receiver.received.at(-1)!))
  }
  t.strictSame(await verifiedBy(endpoint.secret), [true])
  const { secret, previousSecretUntil } = await rotate()
  t.ok(Math.abs(Date.parse(previousSecretUntil) - Date.now() - 86_400_000) < 60_000)
  t.equal((await integration.get(`/webhooks/${endpoint.endpointId}`)).json<Endpoint>().previousSecretUntil, previousSecretUntil)
  t.strictSame(await verifiedBy(endpoint.secret, secret), [true, true])
  setAhead(86_400_000 + 60_000)
  t.strictSame(await verifiedBy(endpoint.secret, secret), [false, true])
  t.equal((await integration.get(`/webhooks/${endpoint.endpointId}`)).json<Endpoint>().previousSecretUntil, null)
  const third = await rotate()
  t.strictSame(await verifiedBy(endpoint.secret, secret, third.secret), [false, true, true])
})

t.test('a ping is sent at once, and of the answer only the status is shown', async t => {
  const app = await testApp(t)
  const integration = await TestIntegration.make(app, ['trades'])
  const receiver = await Receiver.open(t)
  const endpoint = await subscribe(integration, receiver.url, ['trade.offered'])
  const ping = async ({ endpointId } = endpoint) => await integration.request({ method: 'POST', url: `/api/integrations/webhooks/${endpointId}/test` })
  const answer = await ping()
  t.equal(answer.statusCode, 200)
  t.match(answer.json<TestResult>(), { status: 204, fault: null, milliseconds: Number })
  t.match(receiver.received, [{ event: { type: 'ping', data: { endpointId: endpoint.endpointId } } }])
  t.ok(isSignedWith(endpoint.secret, receiver.received[0]!))
  receiver.answer = () => response => response.writeHead(403, { 'x-inside': 'a secret of the inside' }).end('a secret of the inside')
  const other = await ping()
  t.match(other.json(), { status: 403, fault: null })
  t.notMatch(other.body, 'inside')
  receiver.answer = () => response => response.destroy()
  t.match((await ping()).json(), { status: null, fault: 'connection_failed' })
  await integration.request({ method: 'PATCH', url: `/api/integrations/webhooks/${endpoint.endpointId}`, payload: { enabled: false } })
  receiver.answer = () => 204
  t.match((await ping()).json(), { status: 204 }, 'also where it is disabled')
  t.strictSame(await deliveriesOf(integration, endpoint), [], 'it is no delivery')
})

t.test('a ping to a host that leads inside is refused', async t => {
  const app = await testApp(t, { webhooks: { resolve: async () => [{ address: '10.0.0.1', family: 4 }] } })
  const integration = await TestIntegration.make(app, ['trades'])
  const { endpointId } = await subscribe(integration, url, ['trade.offered'])
  refused(t, await integration.request({ method: 'POST', url: `/api/integrations/webhooks/${endpointId}/test` }), 'url_not_allowed')
})

t.test('deliveries come by pages, newest first, and can be filtered', async t => {
  const { integration, alice, bob, receiver } = await sendingApp(t)
  const endpoint = await subscribe(integration, receiver.url)
  receiver.answer = ({ event }) => event.type === 'message.created' ? 204 : 410
  const path = `/webhooks/${endpoint.endpointId}/deliveries`
  for (let n = 0; n < 5; n++) await alice.say('bob', 'hello')
  await untilDeliveries(integration, endpoint, found => found.length === 5)
  const middle = new Date().toISOString()
  await open(alice, bob)
  const all = await untilDeliveries(integration, endpoint, found => found.length === 6)
  t.strictSame(all.map(({ seq }) => seq), [6, 5, 4, 3, 2, 1])
  const pages: number[][] = []
  for (let token = ''; ;) {
    const { deliveries, nextPageToken } = (await integration.get(`${path}?limit=2${token}`)).json()
    pages.push(deliveries.map(({ seq }: { seq: number }) => seq))
    if (nextPageToken === null) break
    token = `&pageToken=${nextPageToken}`
    refused(t, await integration.get(`${path}?limit=2&state=held${token}`), 'invalid_page_token')
  }
  t.strictSame(pages.flat(), [6, 5, 4, 3, 2, 1])
  t.ok(pages.every(page => page.length <= 2))
  t.strictSame((await deliveriesOf(integration, endpoint, '&state=held')).map(({ seq }) => seq), [6])
  t.strictSame((await deliveriesOf(integration, endpoint, '&state=delivered')).map(({ seq }) => seq), [5, 4, 3, 2, 1])
  t.strictSame((await deliveriesOf(integration, endpoint, `&since=${middle}`)).map(({ seq }) => seq), [6])
  t.strictSame(await deliveriesOf(integration, endpoint, '&state=failed'), [])
  for (const query of ['limit=0', 'state=lost', 'since=yesterday', 'since=2016-12-31T23:59:60Z', 'color=red']) refused(t, await integration.get(`${path}?${query}`), 'validation_failed', query)
})

t.test('a removed endpoint gets nothing any more, not even what was waiting', async t => {
  const { integration, alice, receiver } = await sendingApp(t, { webhooks: { plan: Array<number>(9).fill(1500) } })
  const endpoint = await subscribe(integration, receiver.url, ['message.created'])
  const other = await Receiver.open(t)
  await subscribe(integration, other.url, ['message.created'])
  receiver.answer = () => 500
  for (let n = 0; n < 3; n++) await alice.say('bob', 'hello')
  await receiver.until(received => received.length === 1)
  await integration.request({ method: 'DELETE', url: `/api/integrations/webhooks/${endpoint.endpointId}` })
  await alice.say('carol', 'hello')
  await other.until(received => told(received).length >= 3)
  await new Promise(resolve => setTimeout(resolve, 3000))
  t.equal(receiver.received.length, 1)
})

t.test('of an integration without any scope nobody hears but of its endpoints', async t => {
  const app = await testApp(t)
  await listen(app)
  const integration = await TestIntegration.make(app, [])
  for (const type of allTypes.filter(type => type !== 'endpoint.disabled')) {
    refused(t, await integration.post('/webhooks', { url, events: [type] }), 'scope_missing', type)
  }
  t.equal((await integration.post('/webhooks', { url, events: ['endpoint.disabled'] })).statusCode, 201)
  t.equal((await new TestUser(app, 'alice').say('bob', 'hello')).statusCode, 201)
})
