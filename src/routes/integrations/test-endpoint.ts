import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../../schemas/common.js'
import { TestResultSchema } from '../../../schemas/delivery.js'
import { keyProblems, keyRequired } from '../responses.js'
import { EndpointParamsSchema } from './webhooks.js'

/** Tries an endpoint. It takes as long as that takes to answer. */
const testEndpoint: FastifyPluginAsyncTypebox = async app => {
  app.post('/webhooks/:endpointId/test', {
    schema: {
      operationId: 'testEndpoint',
      summary: 'Send a ping now',
      description: 'Whether or not the endpoint is enabled. It has 10 s to answer, of which only the status is shown.',
      tags: ['webhooks'],
      security: keyRequired,
      params: EndpointParamsSchema,
      querystring: Type.Object({}, { additionalProperties: false }),
      response: { 200: ref(TestResultSchema), ...keyProblems('endpoint_not_found', 'url_not_allowed') }
    }
  }, async ({ integration: { integrationId }, params }) => app.webhooks.ping({ integrationId, ...params }))
}

export default testEndpoint
