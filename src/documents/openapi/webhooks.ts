import { webhookEventSchemas } from '../../../schemas/webhook-event.js'

const header = (name: string, description: string, example: string) => ({
  name, in: 'header', required: true, description, schema: { type: 'string', minLength: 1 }, example
})

/** The headers of every request (Standard Webhooks 1.0.0). */
const parameters = [
  header('webhook-id', 'Names the event: the same at every attempt and every replay. Keep the ids of some days, and leave out what came before', 'msg_0f8c1e6a5b1d4a579d576f4f2f0b8f5e'),
  header('webhook-timestamp', 'When the attempt was made, in seconds since the epoch', '1795342530'),
  header('webhook-signature', '`v1,` and the HMAC-SHA256 of `id.timestamp.body` as Base64. Two of them, separated by a space, for 24 h after a rotation', 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=')
]

const responses = {
  '2XX': { description: 'The receiver has it. What else it says isn\'t looked at' },
  410: { description: 'The receiver wants nothing any more: the endpoint is disabled' },
  default: { description: 'It is tried again; redirects aren\'t followed. `Retry-After` is heeded with 429, 502, 503 and 504' }
}

/** The requests that receivers get, by the type of event. */
export function webhookOperations () {
  return Object.fromEntries(Object.entries(webhookEventSchemas).map(([type, { $id, description }]) => [type, {
    post: {
      operationId: `on${$id!.replace(/Event$/, '')}`,
      summary: description,
      tags: ['webhooks'],
      security: [],
      parameters,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: `#/components/schemas/${$id}` }, examples: { [$id!]: { $ref: `#/components/examples/${$id}` } } } }
      },
      responses
    }
  }]))
}
