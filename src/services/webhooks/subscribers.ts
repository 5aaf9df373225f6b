import type { FastifyBaseLogger } from 'fastify'
import type { Scope } from '../../../schemas/integration.js'
import type { SubscribedType } from '../../../schemas/webhook-event.js'
import type { Direct } from '../../database/direct/index.js'
import type { IndexKeys } from '../../database/direct/direct-entity.js'
import { parseEndpointIndexKey, type EndpointItem, type EndpointKey } from '../../database/entities/endpoint.js'
import type { IntegrationItem } from '../../database/entities/integration.js'
import { scopeFor } from './events.js'

/** An endpoint, and what it may know. */
export interface Subscriber {
  endpoint: EndpointItem
  scopes: readonly Scope[]
  /** Whether it gets nothing for now: it or its integration is disabled. What happens meanwhile is noted for it. */
  isHeld: boolean
}

/** How old what is known of all endpoints may be, in ms: from then on at the latest a new one gets events. */
const usualAge = 15_000
/** How long after a failure it isn't tried again, in ms. */
const rest = 1000
const pageSize = 100

/** Whether a subscriber is told of events of a type. */
export function isWanted ({ endpoint, scopes }: Subscriber, type: SubscribedType): boolean {
  const scope = scopeFor(type)
  return endpoint.events.includes(type) && (scope === undefined || scopes.includes(scope))
}

/** Whether a subscriber may know what was said with a move. */
export function mayReadTexts ({ scopes }: Subscriber): boolean {
  return scopes.includes('messages')
}

/** All endpoints, as they were a few seconds ago. */
export class Subscribers {
  #known: { all: Subscriber[], at: number } | undefined
  #refreshing: Promise<Subscriber[]> | undefined
  #restsUntil = 0
  #timer: NodeJS.Timeout | undefined

  /** @param maxAge how old what is known may be, in ms; infinite where this process alone changes endpoints */
  constructor (private readonly direct: Direct, private readonly log: FastifyBaseLogger, private readonly maxAge = usualAge) {}

  /** How many there are, as last known: those that get events, and those for which they are held. */
  get counts (): { enabled: number, held: number } {
    const all = this.#known?.all ?? []
    const held = all.filter(({ isHeld }) => isHeld).length
    return { enabled: all.length - held, held }
  }

  /** Whether any endpoint is told of events of a type. Where that isn't known it may be so. */
  anyWants (type: SubscribedType): boolean {
    const known = this.#fresh()
    if (known === undefined) this.refreshSoon()
    return known?.some(subscriber => isWanted(subscriber, type)) ?? true
  }

  /** Every endpoint, those that are held among them. @throws when that can't be read */
  async all (): Promise<readonly Subscriber[]> {
    return this.#fresh() ?? await this.#refresh()
  }

  /**
   * One endpoint as it is now, strongly consistent: 2 RCU.
   * @returns nothing where it isn't there any more
   */
  async read (key: EndpointKey): Promise<Subscriber | undefined> {
    const [endpoint, integration] = await Promise.all([
      this.direct.endpoint.get(key, { consistent: true }), this.direct.integration.get(key, { consistent: true })
    ])
    return endpoint && integration && subscriberOf(endpoint, integration)
  }

  /** Reads them anew in the background. */
  refreshSoon (): void {
    if (performance.now() >= this.#restsUntil) this.#refresh().catch(err => this.#failed(err))
  }

  /** Reads them anew after one has changed; where that fails it is done later. */
  async renew (): Promise<void> {
    // What is being read may be from before.
    await this.#refreshing?.catch(() => {})
    await this.#refresh().catch(err => this.#failed(err))
  }

  /** Reads them again and again from now on. An installation without any pays half a request unit each time. */
  start (): void {
    if (this.#known === undefined) this.refreshSoon()
    if (this.maxAge !== Infinity) this.#timer = setInterval(() => this.refreshSoon(), this.maxAge * 2 / 3).unref()
  }

  close (): void {
    clearInterval(this.#timer)
    this.#restsUntil = Infinity
  }

  #failed (err: unknown) {
    if (this.#restsUntil === Infinity) return
    this.#restsUntil = performance.now() + rest
    this.log.warn({ err }, 'the endpoints can\'t be read')
  }

  #fresh (): Subscriber[] | undefined {
    return this.#known !== undefined && performance.now() - this.#known.at < this.maxAge ? this.#known.all : undefined
  }

  async #refresh (): Promise<Subscriber[]> {
    this.#refreshing ??= this.#load().finally(() => { this.#refreshing = undefined })
    return await this.#refreshing
  }

  async #load (): Promise<Subscriber[]> {
    const at = performance.now()
    const keys = await this.#keys()
    const integrationIds = [...new Set(keys.map(({ integrationId }) => integrationId))]
    const [endpoints, integrations] = await Promise.all([
      this.direct.endpoint.getAll(keys, { consistent: false }),
      this.direct.integration.getAll(integrationIds.map(integrationId => ({ integrationId })), { consistent: false })
    ])
    const byId = new Map(integrations.map(integration => [integration.integrationId, integration]))
    const all = endpoints.flatMap(endpoint => {
      const integration = byId.get(endpoint.integrationId)
      return integration === undefined ? [] : [subscriberOf(endpoint, integration)]
    })
    this.#known = { all, at }
    return all
  }

  async #keys (): Promise<EndpointKey[]> {
    const keys: EndpointKey[] = []
    for (let after: IndexKeys | undefined; ;) {
      const { items, more } = await this.direct.endpoint.readIndex('all', {}, { limit: pageSize, order: 'asc', after })
      keys.push(...items.map(({ gsi1sk = '' }) => parseEndpointIndexKey(gsi1sk)))
      after = items.at(-1)
      if (!more || after === undefined) return keys
    }
  }
}

function subscriberOf (endpoint: EndpointItem, { scopes, isDisabled }: IntegrationItem): Subscriber {
  return { endpoint, scopes, isHeld: isDisabled || endpoint.state === 'disabled' }
}
