import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ConversationIdSchema, IdempotencyHeadersSchema, ref } from '../../../schemas/common.js'
import { WriteMessageSchema } from '../../../schemas/integration.js'
import { ListMessagesQuerySchema, MessagePageOfUsersSchema, MessageSchema } from '../../../schemas/message.js'
import { link, nextPage } from '../links.js'
import { keyProblems, keyRequired } from '../responses.js'

const ParamsSchema = Type.Object({ conversationId: ConversationIdSchema })

const conversations: FastifyPluginAsyncTypebox = async app => {
  app.get('/conversations/:conversationId/messages', {
    onRequest: app.requireKey('messages'),
    links: {
      200: {
        nextPage: nextPage('listMessagesOfUsers', { conversationId: '$request.path.conversationId' }),
        getTradeOfUsers: link('getTradeOfUsers', 'An offer beside them', { messageId: '$response.body#/offers/0/messageId' })
      }
    },
    schema: {
      operationId: 'listMessagesOfUsers',
      summary: 'Messages of any two users',
      description: 'Needs the scope `messages`. Newest first unless `order` says otherwise.',
      tags: ['integrations'],
      security: keyRequired,
      params: ParamsSchema,
      querystring: ListMessagesQuerySchema,
      response: { 200: ref(MessagePageOfUsersSchema), ...keyProblems('invalid_page_token', 'scope_missing', 'conversation_not_found') }
    }
  }, async ({ integration, params, query }) => app.services.correspondence.list(integration, params.conversationId, query))

  app.post('/conversations/:conversationId/messages', {
    onRequest: app.requireKey('messages'),
    schema: {
      operationId: 'writeMessage',
      summary: 'Write in the name of a user',
      description: 'Needs the scope `messages`. The conversation must be there, and `senderId` be one of its two members, whose message it ' +
        'is in everything: it counts as written, unread for the other one, and makes the two acquainted if both have written. Both see the ' +
        'integration\'s name in `via`. An `Idempotency-Key` is good for 24 h and for this integration only.',
      tags: ['integrations'],
      security: keyRequired,
      params: ParamsSchema,
      headers: IdempotencyHeadersSchema,
      body: ref(WriteMessageSchema),
      response: {
        201: ref(MessageSchema),
        ...keyProblems(
          'malformed_json', 'scope_missing', 'conversation_not_found', 'body_too_large', 'unsupported_media_type', 'not_a_member',
          'idempotency_key_reused', 'conversation_busy', 'suspended', 'blocked', 'contact_not_allowed'
        )
      }
    }
  }, async (request, reply) => {
    const { integration, params, body, headers } = request
    const { message, replayed } = await app.services.correspondence.write(
      integration, params.conversationId, body, headers['idempotency-key']
    )
    if (replayed) reply.header('idempotent-replayed', 'true')
    return reply.code(201).send(message)
  })
}

export default conversations
