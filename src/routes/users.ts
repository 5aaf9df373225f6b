import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref, UserIdSchema } from '../../schemas/common.js'
import { ListUsersQuerySchema, UserPageSchema, UserSchema } from '../../schemas/user.js'
import { conversationLinks, nextPage } from './links.js'
import { tokenRequired, userProblems } from './responses.js'

const users: FastifyPluginAsyncTypebox = async app => {
  app.get('/users', {
    links: { 200: { nextPage: nextPage('listUsers'), ...conversationLinks('$response.body#/users/0/userId') } },
    schema: {
      operationId: 'listUsers',
      summary: 'Other users, ordered by name',
      description: 'Everybody who was ever here with a token or was entered by an integration, but the caller; with `q`, whose name begins like that.',
      tags: ['users'],
      security: tokenRequired,
      querystring: ListUsersQuerySchema,
      response: { 200: ref(UserPageSchema), ...userProblems('invalid_page_token') }
    }
  }, async request => app.services.users.list(request.identity.userId, request.query))

  app.get('/users/:userId', {
    links: { 200: conversationLinks('$request.path.userId') },
    schema: {
      operationId: 'getUser',
      summary: 'One other user',
      description: 'As in the list. Who was never here with a token, nor entered by an integration, is not there, nor is whom I have blocked.',
      tags: ['users'],
      security: tokenRequired,
      params: Type.Object({ userId: UserIdSchema }),
      response: { 200: ref(UserSchema), ...userProblems('self_conversation', 'reserved_user_id', 'user_not_found') }
    }
  }, async request => app.services.users.get(request.identity.userId, request.params.userId))
}

export default users
