import { createHmac } from 'node:crypto'

/**
 * The headers by which a receiver knows that an event is ours (Standard Webhooks 1.0.0).
 * @param event.id the same at every attempt
 * @param event.body as it is sent
 * @param secrets each signs
 * @param now of the attempt, in ms since the epoch
 */
export function signatureHeaders ({ id, body }: { id: string, body: string }, secrets: readonly string[], now: number) {
  const timestamp = String(Math.floor(now / 1000))
  const signed = secrets.map(secret => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signed.join(' ') }
}
