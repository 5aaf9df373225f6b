import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdempotencyHeadersSchema, ref, UserIdSchema } from '../../schemas/common.js'
import { ListMessagesQuerySchema, MessagePageSchema, MessageSchema, SendMessageSchema } from '../../schemas/message.js'
import { conversationLinks, nextPage, tradeLinks } from './links.js'
import { tokenRequired, userProblems } from './responses.js'

const ParamsSchema = Type.Object({ userId: UserIdSchema })

const messages: FastifyPluginAsyncTypebox = async app => {
  app.get('/:userId', {
    links: { 200: { nextPage: nextPage('listMessages', { userId: '$request.path.userId' }), ...conversationLinks('$request.path.userId') } },
    schema: {
      operationId: 'listMessages',
      summary: 'Messages with another user',
      description: 'Newest first unless `order` says otherwise. A conversation that doesn\'t exist has no messages.',
      tags: ['messages'],
      security: tokenRequired,
      params: ParamsSchema,
      querystring: ListMessagesQuerySchema,
      response: {
        200: ref(MessagePageSchema), ...userProblems('self_conversation', 'reserved_user_id', 'invalid_page_token')
      }
    }
  }, async request => app.services.messages.list(request.identity.userId, request.params.userId, request.query))

  app.post('/:userId', {
    links: { 201: { ...conversationLinks('$request.path.userId'), ...tradeLinks('$response.body#/messageId') } },
    schema: {
      operationId: 'sendMessage',
      summary: 'Send a message',
      description: 'What is answered with 201 is durable. With an `Idempotency-Key` a retry within 24 h returns the first ' +
        'result and the header `Idempotent-Replayed: true`. Until the other user has answered, only some messages may be written, as the server is ' +
        'configured (`reply_awaited`, `contact_limit`); who isn\'t wanted gets `contact_not_allowed`. Files are announced and uploaded before, ' +
        'and then belong to one message.',
      tags: ['messages'],
      security: tokenRequired,
      params: ParamsSchema,
      headers: IdempotencyHeadersSchema,
      body: ref(SendMessageSchema),
      response: {
        201: ref(MessageSchema),
        ...userProblems(
          'malformed_json', 'self_conversation', 'reserved_user_id', 'body_too_large', 'unsupported_media_type',
          'idempotency_key_reused', 'conversation_busy', 'suspended', 'blocked', 'contact_not_allowed', 'reply_awaited', 'contact_limit',
          'attachment_not_found', 'attachment_not_uploaded', 'attachment_used', 'attachment_scanning', 'attachment_unavailable', 'attachment_mismatch', 'attachment_type_not_allowed', 'storage_unavailable'
        )
      }
    }
  }, async (request, reply) => {
    const { identity, params, body, headers } = request
    const { message, replayed } = await app.services.messages.send(
      identity.userId, params.userId, body, headers['idempotency-key']
    )
    if (replayed) reply.header('idempotent-replayed', 'true')
    return reply.code(201).send(message)
  })
}

export default messages
