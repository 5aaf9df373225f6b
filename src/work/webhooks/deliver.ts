import type { WebhookEvent } from '../../../schemas/webhook-event.js'
import type { Progress } from '../../services/webhooks/deliveries.js'
import { signingSecrets } from '../../services/webhooks/secrets.js'
import type { Subscriber } from '../../services/webhooks/subscribers.js'
import type { Clock } from '../../shared/clock.js'
import type { Health } from './health.js'
import { nextAttempt } from './schedule.js'
import type { Attempt, Send } from './send.js'
import { signatureHeaders } from './signature.js'

/** Signs an event with the secrets of an endpoint and sends it, once. */
export type SendSigned = (endpoint: Subscriber['endpoint'], eventId: string, event: WebhookEvent) => Promise<Attempt>

/** @param options.secret WEBHOOK_SECRET */
export function createSendSigned ({ send, secret, clock }: { send: Send, secret: string, clock: Clock }): SendSigned {
  return async (endpoint, id, event) => {
    const now = clock.now()
    const body = JSON.stringify(event)
    return await send(endpoint.url, signatureHeaders({ id, body }, signingSecrets(secret, endpoint, now), now), body)
  }
}

/**
 * Makes the next attempt at telling a subscriber of an event.
 * @param failed how many have failed before
 * @returns what has become of the event with it
 */
export type Deliver = (subscriber: Subscriber, eventId: string, event: WebhookEvent, failed: number) => Promise<Progress>

/** @param options.plan the pauses after failed attempts, in ms, where they aren't the usual ones */
export function createDeliver ({ sendSigned, health, clock, plan }: {
  sendSigned: SendSigned, health: Health, clock: Clock, plan?: readonly number[]
}): Deliver {
  return async (subscriber, eventId, event, failed) => {
    const attempt = await sendSigned(subscriber.endpoint, eventId, event)
    await health.note(subscriber, attempt)
    const { ok, status, fault } = attempt
    const made = { attempts: failed + 1, status, fault }
    if (ok) return { state: 'delivered', ...made }
    if (subscriber.isHeld) return { state: 'held', ...made }
    const nextAt = nextAttempt(failed + 1, attempt, clock.now(), undefined, plan)
    return nextAt === undefined ? { state: 'failed', ...made } : { state: 'pending', ...made, nextAt }
  }
}
