import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AccountSchema } from '../../../schemas/account.js'
import { ref } from '../../../schemas/common.js'
import { tokenRequired, userProblems } from '../responses.js'

const account: FastifyPluginAsyncTypebox = async app => {
  app.get('', {
    schema: {
      operationId: 'getAccount',
      summary: 'My account',
      description: 'The caller as the server knows it, whether suspended, and whether an erasure was asked for.',
      tags: ['me'],
      security: tokenRequired,
      querystring: Type.Object({}, { additionalProperties: false }),
      response: { 200: ref(AccountSchema), ...userProblems() }
    }
  }, async request => app.services.accounts.get(request.identity))
}

export default account
