import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { BlockPageSchema, ListBlocksQuerySchema } from '../../../schemas/block.js'
import { ref, UserIdSchema } from '../../../schemas/common.js'
import { nextPage } from '../links.js'
import { tokenRequired, userProblems } from '../responses.js'

const ParamsSchema = Type.Object({ userId: UserIdSchema })

const blocks: FastifyPluginAsyncTypebox = async app => {
  app.get('/blocks', {
    links: { 200: { nextPage: nextPage('listBlocks') } },
    schema: {
      operationId: 'listBlocks',
      summary: 'Whom I have blocked',
      description: 'Ordered by user id. A page may come back short: go by `nextPageToken`.',
      tags: ['me'],
      security: tokenRequired,
      querystring: ListBlocksQuerySchema,
      response: { 200: ref(BlockPageSchema), ...userProblems('invalid_page_token') }
    }
  }, async request => app.services.blocks.list(request.identity.userId, request.query))

  app.put('/blocks/:userId', {
    schema: {
      operationId: 'blockUser',
      summary: 'Block a user',
      description: 'From the answer on neither can write to the other or accept or counter an offer; an open one can be rejected or withdrawn, or runs out. ' +
        'Neither is told when the other is there, types and reads, nor finds the other among the users. The other isn\'t told of it: whoever writes ' +
        'gets `contact_not_allowed`. Users who were never here can be blocked as well.',
      tags: ['me'],
      security: tokenRequired,
      params: ParamsSchema,
      response: {
        204: Type.Unsafe<undefined>(Type.Null({ description: 'The user is blocked' })), ...userProblems('self_conversation', 'reserved_user_id')
      }
    }
  }, async ({ identity, params }, reply) => {
    await app.services.blocks.block(identity.userId, params.userId)
    return reply.code(204).send()
  })

  app.delete('/blocks/:userId', {
    schema: {
      operationId: 'unblockUser',
      summary: 'Block a user no longer',
      description: 'Also where the user isn\'t blocked.',
      tags: ['me'],
      security: tokenRequired,
      params: ParamsSchema,
      response: {
        204: Type.Unsafe<undefined>(Type.Null({ description: 'The user isn\'t blocked' })), ...userProblems('self_conversation', 'reserved_user_id')
      }
    }
  }, async ({ identity, params }, reply) => {
    await app.services.blocks.unblock(identity.userId, params.userId)
    return reply.code(204).send()
  })
}

export default blocks
