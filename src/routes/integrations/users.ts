import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref, UserIdSchema } from '../../../schemas/common.js'
import { EnteredUserSchema, EnterUserSchema } from '../../../schemas/user.js'
import { keyProblems, keyRequired } from '../responses.js'

const users: FastifyPluginAsyncTypebox = async app => {
  app.put('/users/:userId', {
    onRequest: app.requireKey('messages'),
    schema: {
      operationId: 'enterUser',
      summary: 'Enter a user into the directory, or change the entry',
      description: 'Needs the scope `messages`. Others find the user by this name from now on, also one who has never come. When the user ' +
        'comes with a token that carries a name, that name takes its place, within the hour at the latest.',
      tags: ['integrations'],
      security: keyRequired,
      params: Type.Object({ userId: UserIdSchema }),
      body: ref(EnterUserSchema),
      response: {
        200: ref(EnteredUserSchema),
        ...keyProblems('malformed_json', 'reserved_user_id', 'scope_missing', 'body_too_large', 'unsupported_media_type')
      }
    }
  }, async ({ params, body }) => app.services.users.enter(params.userId, body))
}

export default users
