import type { FastifyBaseLogger } from 'fastify'
import type { Direct } from '../../database/direct/index.js'
import type { EndpointItem } from '../../database/entities/endpoint.js'
import type { WorkItem } from '../../database/entities/work.js'
import { conditionFailure, isTransactionConflict } from '../../database/faults.js'
import { eventTimer } from '../../services/webhooks/delivery-timers.js'
import { disabledEvent } from '../../services/webhooks/events.js'
import { isWanted, type Subscriber, type Subscribers } from '../../services/webhooks/subscribers.js'
import { BoundedMap } from '../../shared/bounded-map.js'
import type { Clock } from '../../shared/clock.js'
import type { Attempt } from './send.js'
import type { Waiting } from './waiting.js'

/** How long every attempt must have failed for an endpoint to be disabled, in ms. */
const longestFailure = 5 * 24 * 60 * 60 * 1000
/** After how many failures in a row an endpoint is sent one event at a time: one that is dead must not hold up the others. */
const failuresInRow = 5
/** Of how many endpoints failures are counted here. */
const maxCounted = 10_000
/** How many endpoints of an integration are looked at. */
const maxEndpoints = 100

const gone = 410

/** How endpoints fare. One that answers 410, or fails for days, is disabled, and the others of its integration are told. */
export class Health {
  /** How often each has failed in a row, as far as this process has seen. */
  readonly #failures = new BoundedMap<string, number>(maxCounted)
  /** How many attempts of this process came to what: delivered, refused by a status, or failed without one. */
  readonly attempts = { delivered: 0, refused: 0, failed: 0 }

  constructor (private readonly options: {
    direct: Direct, subscribers: Subscribers, waiting: Waiting, clock: Clock, log: FastifyBaseLogger, wake: (item: WorkItem) => void
  }) {}

  isFailing (endpointId: string): boolean {
    return (this.#failures.get(endpointId) ?? 0) >= failuresInRow
  }

  /** Notes what became of an attempt, at the subscriber too: it may be held from now on. */
  async note (subscriber: Subscriber, { ok, status }: Attempt): Promise<void> {
    const { endpoint } = subscriber
    const { endpointId, failingSince } = endpoint
    const now = this.options.clock.now()
    this.attempts[ok ? 'delivered' : status === undefined ? 'failed' : 'refused']++
    if (ok) {
      this.#failures.delete(endpointId)
      if (failingSince !== undefined) await this.#recover(endpoint)
      return
    }
    this.#failures.set(endpointId, (this.#failures.get(endpointId) ?? 0) + 1)
    if (status === gone) await this.#disable(subscriber, 'gone', now)
    else if (failingSince === undefined) await this.#change(endpoint, now)
    else if (now - failingSince >= longestFailure) await this.#disable(subscriber, 'failing', now)
  }

  /** It is there again. Where that can't be dealt with, the next success says so too. */
  async #recover (endpoint: EndpointItem) {
    const { waiting, log } = this.options
    try {
      await waiting.hurry(endpoint)
      await this.#change(endpoint, undefined)
    } catch (err) {
      log.warn({ err, endpointId: endpoint.endpointId }, 'what waits for an endpoint that is there again can\'t be hurried yet')
    }
  }

  async #change (endpoint: EndpointItem, failingSince: number | undefined) {
    const { direct } = this.options
    const { integrationId, endpointId } = endpoint
    const there = { equal: { endpointId } }
    const key = { integrationId, endpointId }
    try {
      await direct.write(failingSince === undefined
        ? direct.endpoint.update(key, {}, there, ['failingSince'])
        : direct.endpoint.update(key, { failingSince }, there))
      endpoint.failingSince = failingSince
    } catch (error) {
      // It was deleted, or is being written: the next attempt says the same.
      if (conditionFailure(error) === undefined && !isTransactionConflict(error)) throw error
    }
  }

  async #disable (subscriber: Subscriber, reason: 'gone' | 'failing', now: number) {
    const { direct, subscribers, log, wake } = this.options
    const { endpoint } = subscriber
    const { integrationId, endpointId } = endpoint
    const event = disabledEvent(endpoint, reason, now)
    const { items } = await direct.endpoint.between({ integrationId, endpointId: '' }, { integrationId, endpointId: '~' }, { limit: maxEndpoints, order: 'asc' })
    const others = items.filter(other => other.endpointId !== endpointId && other.state === 'enabled')
    const told = others.filter(other => isWanted({ ...subscriber, endpoint: other }, event.eventType)).map(other => eventTimer(other, event, now))
    const change = direct.endpoint.update({ integrationId, endpointId }, { state: 'disabled', reason }, { equal: { state: 'enabled' } })
    const refusals = await direct.transact([change, ...told.map(timer => direct.work.put(timer))])
    subscriber.isHeld = true
    // Somebody else has done it, or it is gone.
    if (refusals !== undefined) return
    log.warn({ integrationId, endpointId, reason }, 'an endpoint is disabled: it gets no events any more')
    for (const timer of told) wake(timer)
    await subscribers.renew()
  }
}
