import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../schemas/common.js'
import { ListUsersQuerySchema, UserPageSchema } from '../../schemas/user.js'
import { conversationLinks, nextPage } from './links.js'
import { tokenRequired, userProblems } from './responses.js'

const users: FastifyPluginAsyncTypebox = async app => {
  app.get('/users', {
    links: { 200: { nextPage: nextPage('listUsers'), ...conversationLinks('$response.body#/users/0/userId') } },
    schema: {
      operationId: 'listUsers',
      summary: 'Other users, ordered by name',
      description: 'Everybody who was ever here with a token, but the caller; with `q`, whose name begins like that.',
      tags: ['users'],
      security: tokenRequired,
      querystring: ListUsersQuerySchema,
      response: { 200: ref(UserPageSchema), ...userProblems('invalid_page_token') }
    }
  }, async request => app.services.users.list(request.identity.userId, request.query))
}

export default users
