import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../../schemas/common.js'
import { DeliveryPageSchema, ListDeliveriesQuerySchema, ReplayedSchema, ReplaySchema } from '../../../schemas/delivery.js'
import { nextPage } from '../links.js'
import { keyProblems, keyRequired } from '../responses.js'
import { EndpointParamsSchema } from './webhooks.js'

/** What became of events for an endpoint. */
const deliveries: FastifyPluginAsyncTypebox = async app => {
  const { listDeliveries, replay } = app.webhooks

  app.get('/webhooks/:endpointId/deliveries', {
    links: { 200: { nextPage: nextPage('listDeliveries', { endpointId: '$request.path.endpointId' }) } },
    schema: {
      operationId: 'listDeliveries',
      summary: 'What became of events for an endpoint, newest first',
      description: 'Those of the last 30 days. Of the answers only the status is kept. A filtered page may come back short: go by `nextPageToken`.',
      tags: ['webhooks'],
      security: keyRequired,
      params: EndpointParamsSchema,
      querystring: ListDeliveriesQuerySchema,
      response: { 200: ref(DeliveryPageSchema), ...keyProblems('invalid_page_token', 'endpoint_not_found') }
    }
  }, async ({ integration: { integrationId }, params, query }) => listDeliveries({ integrationId, ...params }, query))

  app.post('/webhooks/:endpointId/replay', {
    schema: {
      operationId: 'replayEvents',
      summary: 'Have events sent again',
      description: 'Up to 1,000 a call, each under the `webhook-id` that it had; where there are more, `nextSince` says where to go on. Their order isn\'t kept.',
      tags: ['webhooks'],
      security: keyRequired,
      params: EndpointParamsSchema,
      body: ref(ReplaySchema),
      response: {
        202: ref(ReplayedSchema), ...keyProblems('malformed_json', 'endpoint_not_found', 'body_too_large', 'unsupported_media_type')
      }
    }
  }, async ({ integration: { integrationId }, params, body }, reply) => reply.code(202).send(await replay({ integrationId, ...params }, body)))
}

export default deliveries
