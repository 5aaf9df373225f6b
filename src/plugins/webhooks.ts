import fp from 'fastify-plugin'
import type { WorkItem } from '../database/entities/work.js'
import { version } from '../documents/about.js'
import { deliverKind, parseDeliverySubject } from '../services/webhooks/delivery-timers.js'
import { measureWebhooks } from '../observability/metrics/webhooks.js'
import { createListDeliveries, type ListDeliveries } from '../services/webhooks/delivery-list.js'
import { createEndpoints, type Endpoints } from '../services/webhooks/endpoints.js'
import { createNotify, type Notify } from '../services/webhooks/notify.js'
import { createPayloads } from '../services/webhooks/payloads.js'
import { createPing, type Ping } from '../services/webhooks/ping.js'
import { createReplay, type ReplayEvents } from '../services/webhooks/replay.js'
import { Subscribers } from '../services/webhooks/subscribers.js'
import { createPageTokens } from '../shared/page-tokens.js'
import { ProblemError } from '../wire/problem-error.js'
import { createAgent, type Resolve } from '../work/webhooks/agent.js'
import { createWebhookConsumer } from '../work/webhooks/consumer.js'
import { createDeliver, createSendSigned } from '../work/webhooks/deliver.js'
import { createDeliveryHandler } from '../work/webhooks/delivery-handler.js'
import { Health } from '../work/webhooks/health.js'
import { createLanes } from '../work/webhooks/lanes.js'
import { createExpiringNotice } from '../work/webhooks/notice.js'
import { createSend } from '../work/webhooks/send.js'
import { Waiting } from '../work/webhooks/waiting.js'

/** What can be set for webhooks besides the configuration. */
export interface WebhookOptions {
  /** The pauses after failed attempts, in ms. */
  plan?: readonly number[]
  /** How long an attempt may take, in ms. */
  within?: number
  /** How names are resolved. */
  resolve?: Resolve
  /** How old what is known of the endpoints may be, in ms. */
  maxAge?: number
}

declare module 'fastify' {
  interface FastifyInstance {
    webhooks: {
      endpoints: Endpoints
      listDeliveries: ListDeliveries
      notify: Notify
      ping: Ping
      replay: ReplayEvents
      /** Reads the endpoints anew. */
      renew: () => Promise<void>
    }
  }
}

/** How many attempts are under way at once, and how many at one endpoint; one that fails is tried one event at a time. */
const atOnce = { all: 64, one: 4, failing: 1 }
/** How long an attempt that somebody waits for may take, in ms. */
const pingWithin = 10_000
/** How long attempts that are under way at the end may still take, in ms: less than the worker waits for what they came to, so that it is noted. */
const grace = 3000

/** Tells the endpoints of integrations what happens, and lets integrations say where they are. */
export default fp<{ webhooks?: WebhookOptions }>(async (app, { webhooks: { plan, within: sendWithin, resolve, maxAge } = {} }) => {
  const { clock, config, entities: { direct }, log, work } = app
  const { WEBHOOK_SECRET: secret, WEBHOOK_ALLOW: allow = [], WEBHOOK_PROXY: proxy } = config
  const policy = { local: config.NODE_ENV !== 'production', allow }
  const agent = createAgent({ policy, proxy, resolve })
  const sending = { agent, policy, userAgent: `equilux-chat/${version}` }
  const wake = (item: WorkItem) => work.wake(item)
  const subscribers = new Subscribers(direct, log, maxAge)
  const lanes = createLanes({ direct, clock, wake })
  const waiting = new Waiting(direct, clock, wake)
  const health = new Health({ direct, subscribers, waiting, clock, log, wake })
  measureWebhooks(app.metrics, { health, subscribers })
  const payloads = createPayloads(direct)
  const sendSigned = createSendSigned({ send: createSend({ ...sending, within: sendWithin }), secret, clock })
  const deliver = createDeliver({ sendSigned, health, clock, plan })

  work.consumers.push(createWebhookConsumer({ direct, subscribers, lanes }))
  const notify = createNotify({ direct, subscribers, clock })
  work.notices.push(createExpiringNotice({ direct, notify }))
  work.kinds[deliverKind] = {
    handle: createDeliveryHandler({ direct, lanes, waiting, subscribers, payloads, deliver, clock }),
    concurrency: atOnce.all,
    groups: {
      of: ({ subject }) => parseDeliverySubject(subject).endpointId,
      concurrency: endpointId => health.isFailing(endpointId) ? atOnce.failing : atOnce.one
    }
  }
  const pageTokens = createPageTokens(config.CURSOR_SECRET, () => new ProblemError('invalid_page_token'))
  app.decorate('webhooks', {
    endpoints: createEndpoints({ direct, subscribers, policy, secret, clock }),
    listDeliveries: createListDeliveries({ direct, pageTokens }),
    notify,
    ping: createPing({ direct, send: createSendSigned({ send: createSend({ ...sending, within: pingWithin }), secret, clock }), clock }),
    replay: createReplay({ direct, clock, wake }),
    renew: async () => await subscribers.renew()
  })
  app.addHook('onListen', async () => subscribers.start())
  let ending: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => { ending = setTimeout(() => { agent.destroy().catch(err => log.warn({ err }, 'connections to endpoints don\'t end')) }, grace).unref() })
  // Hooks run in the reverse order: the worker has ended by now.
  app.addHook('onClose', async () => {
    clearTimeout(ending)
    subscribers.close()
    await agent.destroy()
  })
}, { name: 'webhooks', dependencies: ['config', 'metrics', 'dynamodb', 'services', 'work'] })
