import { randomBytes } from 'node:crypto'
import type { DeliveryFault, TestResult } from '../../../schemas/delivery.js'
import type { WebhookEvent } from '../../../schemas/webhook-event.js'
import type { Direct } from '../../database/direct/index.js'
import type { EndpointItem, EndpointKey } from '../../database/entities/endpoint.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'

/** Sends an event to an endpoint at once, whether or not it is enabled, and says what came of it. */
type SendNow = (endpoint: EndpointItem, eventId: string, event: WebhookEvent) => Promise<{ status?: number, fault?: DeliveryFault, milliseconds: number }>

/** Tries an endpoint. @throws ProblemError endpoint_not_found, url_not_allowed */
export type Ping = (key: EndpointKey) => Promise<TestResult>

export function createPing ({ direct, send, clock }: { direct: Direct, send: SendNow, clock: Clock }): Ping {
  return async key => {
    const endpoint = await direct.endpoint.get(key, { consistent: true })
    if (endpoint === undefined) throw new ProblemError('endpoint_not_found')
    const event: WebhookEvent = { type: 'ping', timestamp: new Date(clock.now()).toISOString(), data: { endpointId: key.endpointId } }
    const { status = null, fault = null, milliseconds } = await send(endpoint, `msg_${randomBytes(16).toString('hex')}`, event)
    if (fault === 'url_not_allowed' || fault === 'address_not_allowed') {
      throw new ProblemError('url_not_allowed', fault === 'address_not_allowed' ? 'url_private_address' : undefined)
    }
    return { status, fault, milliseconds }
  }
}
