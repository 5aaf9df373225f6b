import { createHash, randomBytes } from 'node:crypto'
import type { Scope } from '../../../schemas/integration.js'
import type { ChangeEndpoint, CreateEndpoint, Endpoint, EndpointWithSecret, NewSecret } from '../../../schemas/endpoint.js'
import type { SubscribedType } from '../../../schemas/webhook-event.js'
import { scopeProblem } from '../../auth/token-problem.js'
import type { Direct } from '../../database/direct/index.js'
import type { EndpointItem, EndpointKey } from '../../database/entities/endpoint.js'
import { conditionFailure, databaseUnavailable, isTransactionConflict } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'
import { showEndpoint } from './endpoint-views.js'
import { scopeFor } from './events.js'
import { overlap, secretOf } from './secrets.js'
import type { Subscribers } from './subscribers.js'
import { judgeUrl, type UrlPolicy } from './url-policy.js'

/** How many endpoints an integration can have. */
const maxEndpoints = 10

/** Which integration asks, and what it may know. */
export interface Holder {
  integrationId: string
  scopes: readonly Scope[]
}

/** Where integrations are told of events. All of it says `endpoint_not_found` also of endpoints of others. */
export interface Endpoints {
  list: (integrationId: string) => Promise<Endpoint[]>
  /**
   * Makes an endpoint, or, with an Idempotency-Key that made one, shows it as it is.
   * @throws ProblemError scope_missing, url_not_allowed, too_many_endpoints, idempotency_key_reused
   */
  create: (holder: Holder, body: CreateEndpoint, idempotencyKey?: string) => Promise<{ endpoint: EndpointWithSecret, replayed: boolean }>
  /** @throws ProblemError endpoint_not_found */
  get: (key: EndpointKey) => Promise<Endpoint>
  /** @throws ProblemError endpoint_not_found, scope_missing, url_not_allowed */
  change: (holder: Holder, endpointId: string, body: ChangeEndpoint) => Promise<Endpoint>
  /** What is still to be sent there isn't any more. @throws ProblemError endpoint_not_found */
  remove: (key: EndpointKey) => Promise<void>
  /** Has another secret sign from now on, and the former one along with it for a day; one before that no longer. @throws ProblemError endpoint_not_found */
  rotate: (key: EndpointKey) => Promise<NewSecret>
}

/** @param options.secret WEBHOOK_SECRET */
export function createEndpoints ({ direct, subscribers, policy, secret, clock }: {
  direct: Direct, subscribers: Subscribers, policy: UrlPolicy, secret: string, clock: Clock
}): Endpoints {
  async function all (integrationId: string): Promise<EndpointItem[]> {
    const { items } = await direct.endpoint.between({ integrationId, endpointId: '' }, { integrationId, endpointId: '~' }, { limit: 100, order: 'asc' })
    return items.sort((one, other) => one.createdAt - other.createdAt)
  }

  async function find (key: EndpointKey): Promise<EndpointItem> {
    const found = await direct.endpoint.get(key, { consistent: true })
    if (found === undefined) throw new ProblemError('endpoint_not_found')
    return found
  }

  /**
   * Makes a change of an endpoint until nobody else is at it.
   * @param change writes it, for the endpoint as it is
   */
  async function write (key: EndpointKey, change: (item: EndpointItem) => Parameters<Direct['write']>[0]): Promise<void> {
    for await (const _ of attempts()) {
      try {
        await direct.write(change(await find(key)))
        await subscribers.renew()
        return
      } catch (error) {
        if (conditionFailure(error) === undefined && !isTransactionConflict(error)) throw error
      }
    }
    throw databaseUnavailable()
  }

  function show (item: EndpointItem): EndpointWithSecret {
    return { ...showEndpoint(item, clock.now()), secret: secretOf(secret, item) }
  }

  function replay (item: EndpointItem, { fingerprint }: Pick<EndpointItem, 'fingerprint'>) {
    if (item.fingerprint !== fingerprint) throw new ProblemError('idempotency_key_reused')
    return { endpoint: show(item), replayed: true }
  }

  function judge ({ scopes }: Holder, { url, events = [] }: { url?: string, events?: readonly SubscribedType[] }) {
    for (const type of events) {
      const scope = scopeFor(type)
      if (scope !== undefined && !scopes.includes(scope)) throw scopeProblem(scope)
    }
    const judged = url === undefined ? undefined : judgeUrl(url, policy)
    if (judged !== undefined && 'refusal' in judged) throw new ProblemError('url_not_allowed', judged.refusal)
  }

  return {
    async list (integrationId) {
      return (await all(integrationId)).map(item => showEndpoint(item, clock.now()))
    },

    async create (holder, body, idempotencyKey) {
      judge(holder, body)
      const { integrationId } = holder
      const named = idempotencyKey === undefined ? { endpointId: randomBytes(8).toString('hex'), fingerprint: undefined } : nameOf(integrationId, idempotencyKey, body)
      const there = await all(integrationId)
      const known = there.find(({ endpointId }) => endpointId === named.endpointId)
      if (known !== undefined) return replay(known, named)
      if (there.length >= maxEndpoints) throw new ProblemError('too_many_endpoints', { id: 'most_endpoints', max: maxEndpoints })
      const item: EndpointItem = { integrationId, ...named, ...body, events: [...body.events], state: 'enabled', secretVersion: 1, createdAt: clock.now() }
      try {
        await direct.write(direct.endpoint.put(item, { absent: true }))
      } catch (error) {
        if (conditionFailure(error) === undefined) throw error
        return replay(await find(item), named)
      }
      await subscribers.renew()
      return { endpoint: show(item), replayed: false }
    },

    get: async key => showEndpoint(await find(key), clock.now()),

    async change (holder, endpointId, body) {
      judge(holder, body)
      const key = { integrationId: holder.integrationId, endpointId }
      const { enabled, ...said } = body
      await write(key, ({ state }) => {
        const there = { equal: { state } }
        if (enabled === true) return direct.endpoint.update(key, { ...said, state: 'enabled' }, there, ['reason', 'failingSince'])
        const disabled = enabled === false && state === 'enabled' ? { state: 'disabled' as const, reason: 'asked' as const } : {}
        return direct.endpoint.update(key, { ...said, ...disabled }, there)
      })
      return showEndpoint(await find(key), clock.now())
    },

    async remove (key) {
      await write(key, ({ endpointId }) => direct.endpoint.remove(key, { equal: { endpointId } }))
    },

    async rotate (key) {
      const previousUntil = clock.now() + overlap
      let version = 0
      await write(key, ({ secretVersion }) => {
        version = secretVersion + 1
        return direct.endpoint.update(key, { secretVersion: version, previousUntil }, { equal: { secretVersion } })
      })
      return { secret: secretOf(secret, { endpointId: key.endpointId, secretVersion: version }), previousSecretUntil: new Date(previousUntil).toISOString() }
    }
  }
}

/** The id of the endpoint that a key makes, always the same, and what tells whether the same is asked for. */
function nameOf (integrationId: string, idempotencyKey: string, { url, events, description }: CreateEndpoint) {
  const digest = (...parts: unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return { endpointId: digest(integrationId, idempotencyKey).slice(0, 16), fingerprint: digest(url, [...events].sort(), description) }
}
