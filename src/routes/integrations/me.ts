import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../../schemas/common.js'
import { IntegrationSchema } from '../../../schemas/integration.js'
import { keyProblems, keyRequired } from '../responses.js'

const me: FastifyPluginAsyncTypebox = async app => {
  app.get('/me', {
    schema: {
      operationId: 'getIntegration',
      summary: 'The integration whose key this is',
      description: 'With its scopes, and when its keys end; of a key itself nothing is shown.',
      tags: ['integrations'],
      security: keyRequired,
      querystring: Type.Object({}, { additionalProperties: false }),
      response: { 200: ref(IntegrationSchema), ...keyProblems() }
    }
  }, async request => app.services.integrations.get(request.integration.integrationId))
}

export default me
