import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AccountSchema, ErasureSchema } from '../../../schemas/account.js'
import { ref } from '../../../schemas/common.js'
import { tokenRequired, userProblems } from '../responses.js'

const NoQuerySchema = Type.Object({}, { additionalProperties: false })

const account: FastifyPluginAsyncTypebox = async app => {
  app.get('', {
    schema: {
      operationId: 'getAccount',
      summary: 'My account',
      description: 'The caller as the server knows it, whether suspended, and whether an erasure was asked for.',
      tags: ['me'],
      security: tokenRequired,
      querystring: NoQuerySchema,
      response: { 200: ref(AccountSchema), ...userProblems() }
    }
  }, async request => app.services.accounts.get(request.identity))

  app.delete('', {
    schema: {
      operationId: 'deleteAccount',
      summary: 'Erase everything of mine',
      description: 'Needs a token of a sign-in (`auth_time`, else `iat`) of the last five minutes. At `erasesAt` what I have said, my name and when I was ' +
        'last here begin to go, and my open offers end; until then whoever signs in as me cancels it. Messages keep their places and others their words; the terms ' +
        'of offers stay, under my user id.',
      tags: ['me'],
      security: tokenRequired,
      querystring: NoQuerySchema,
      response: { 202: ref(ErasureSchema), ...userProblems('sign_in_again') }
    }
  }, async (request, reply) => reply.code(202).send(await app.services.erasures.ask(request.identity)))
}

export default account
