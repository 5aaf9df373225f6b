import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../schemas/common.js'
import { ListUsersQuerySchema, UserPageSchema } from '../../schemas/user.js'
import { tokenRequired, userProblems } from './responses.js'

const users: FastifyPluginAsyncTypebox = async app => {
  app.get('/users', {
    schema: {
      operationId: 'listUsers',
      summary: 'Other users, ordered by name',
      tags: ['users'],
      security: tokenRequired,
      querystring: ListUsersQuerySchema,
      response: { 200: ref(UserPageSchema), ...userProblems('invalid_page_token') }
    }
  }, async request => app.services.users.list(request.identity.userId, request.query))
}

export default users
