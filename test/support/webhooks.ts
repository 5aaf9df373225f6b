import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'
import { scopes, type Scope } from '../../schemas/integration.js'
import type { Delivery, DeliveryPage } from '../../schemas/delivery.js'
import type { EndpointWithSecret } from '../../schemas/endpoint.js'
import type { SubscribedType } from '../../schemas/webhook-event.js'
import type { WebhookOptions } from '../../src/plugins/webhooks.js'
import { listen, testApp, TestUser, type TestAppOptions } from './helper.js'
import { TestIntegration } from './integrations.js'
import { isSignedWith, Receiver, type Received } from './receiver.js'

export const tradeTypes: SubscribedType[] = [
  'trade.offered', 'trade.countered', 'trade.accepted', 'trade.rejected', 'trade.withdrawn', 'trade.expired', 'trade.expiring'
]
export const allTypes: SubscribedType[] = [...tradeTypes, 'message.created', 'user.reported', 'attachment.infected', 'endpoint.disabled']

/** Pauses that nobody waits long for. */
export const quickly = Array<number>(9).fill(30)

/** A server that works and tells endpoints, with two users and an integration. */
export async function sendingApp (t: Test, { webhooks, scopes: given = [...scopes], env, ...options }: TestAppOptions & { webhooks?: WebhookOptions, scopes?: Scope[] } = {}) {
  const app = await testApp(t, { ...options, env: { WORKER: 'on', ...env }, webhooks: { plan: quickly, maxAge: 15_000, ...webhooks } })
  await listen(app)
  const integration = await TestIntegration.make(app, given)
  return { app, integration, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob'), receiver: await Receiver.open(t) }
}

/** Makes an endpoint that is told of some types of events. */
export async function subscribe (integration: TestIntegration, url: string, events: SubscribedType[] = allTypes): Promise<EndpointWithSecret> {
  const response = await integration.post('/webhooks', { url, events })
  if (response.statusCode !== 201) throw new Error(response.body)
  return response.json<EndpointWithSecret>()
}

/** All deliveries, newest first. */
export async function deliveriesOf (integration: TestIntegration, { endpointId }: { endpointId: string }, query = ''): Promise<Delivery[]> {
  const found: Delivery[] = []
  for (let token = ''; ;) {
    const response = await integration.get(`/webhooks/${endpointId}/deliveries?limit=100${query}${token}`)
    if (response.statusCode !== 200) throw new Error(response.body)
    const { deliveries, nextPageToken } = response.json<DeliveryPage>()
    found.push(...deliveries)
    if (nextPageToken === null) return found
    token = `&pageToken=${nextPageToken}`
  }
}

/** Waits until the deliveries are as they should be. */
export async function untilDeliveries (integration: TestIntegration, endpoint: { endpointId: string }, holds: (deliveries: Delivery[]) => boolean, patience = 60_000): Promise<Delivery[]> {
  const end = Date.now() + patience
  for (;;) {
    const deliveries = await deliveriesOf(integration, endpoint)
    if (holds(deliveries)) return deliveries
    if (Date.now() > end) throw new Error(`It didn't come to that: ${JSON.stringify(deliveries)}`)
    await sleep(50)
  }
}

/** What came, as `type seq`, each once: what came again is left out. */
export function told (received: readonly Received[]): string[] {
  return [...new Set(received.map(({ event: { type, data } }) => 'message' in data ? `${type} ${data.message.seq}` : type))]
}

/** Whether everything that came was signed with a secret. */
export function areSigned (received: readonly Received[], { secret }: Pick<EndpointWithSecret, 'secret'>): boolean {
  return received.every(one => isSignedWith(secret, one))
}

/** Has the app's clock run ahead. @returns sets by how much, in ms */
export function shiftClock (t: Test, { clock }: FastifyInstance): (ms: number) => void {
  const now = clock.now.bind(clock)
  let ahead = 0
  t.intercept(clock, 'now', { value: () => now() + ahead })
  return ms => { ahead = ms }
}
