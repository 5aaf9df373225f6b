import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref, UserIdSchema } from '../../schemas/common.js'
import {
  ConversationPageSchema, ConversationWithCursorSchema, ListConversationsQuerySchema, MarkReadSchema, ReadPositionSchema
} from '../../schemas/conversation.js'
import { conversationLinks, nextPage } from './links.js'
import { tokenRequired, userProblems } from './responses.js'

const ParamsSchema = Type.Object({ userId: UserIdSchema })

const conversations: FastifyPluginAsyncTypebox = async app => {
  app.get('/conversations', {
    links: {
      200: { nextPage: nextPage('listConversations'), ...conversationLinks('$response.body#/conversations/0/otherUser/userId') }
    },
    schema: {
      operationId: 'listConversations',
      summary: 'My conversations, most recent first',
      description: 'With the last message, both read positions and the count of unread messages. Across pages the order is exact to a minute.',
      tags: ['conversations'],
      security: tokenRequired,
      querystring: ListConversationsQuerySchema,
      response: { 200: ref(ConversationPageSchema), ...userProblems('invalid_page_token') }
    }
  }, async request => app.services.conversations.list(request.identity.userId, request.query))

  app.get('/conversations/:userId', {
    links: { 200: conversationLinks('$request.path.userId') },
    schema: {
      operationId: 'getConversation',
      summary: 'My conversation with another user',
      description: 'As in the list, but up to date: also the last message and the read positions are as they are at this moment.',
      tags: ['conversations'],
      security: tokenRequired,
      params: ParamsSchema,
      response: { 200: ref(ConversationWithCursorSchema), ...userProblems('self_conversation', 'reserved_user_id', 'conversation_not_found') }
    }
  }, async request => app.services.conversations.get(request.identity.userId, request.params.userId))

  app.post('/conversations/:userId/read', {
    schema: {
      operationId: 'markRead',
      summary: 'I have read up to a message',
      description: 'The position only moves forward: an older `seq` changes nothing and returns the position as it is.',
      tags: ['conversations'],
      security: tokenRequired,
      params: ParamsSchema,
      body: ref(MarkReadSchema),
      response: {
        200: ref(ReadPositionSchema),
        ...userProblems(
          'malformed_json', 'self_conversation', 'reserved_user_id', 'seq_out_of_range', 'conversation_not_found',
          'body_too_large', 'unsupported_media_type'
        )
      }
    }
  }, async request => app.services.readPositions.markRead(request.identity.userId, request.params.userId, request.body.seq))
}

export default conversations
