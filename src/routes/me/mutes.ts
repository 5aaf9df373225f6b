import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref, UserIdSchema } from '../../../schemas/common.js'
import { MuteSchema } from '../../../schemas/mute.js'
import { tokenRequired, userProblems } from '../responses.js'

const ParamsSchema = Type.Object({ userId: UserIdSchema })

const mutes: FastifyPluginAsyncTypebox = async app => {
  app.put('/mutes/:userId', {
    schema: {
      operationId: 'muteUser',
      summary: 'Mute the conversation with a user',
      description: 'Messages come as before; `muted` in the conversation tells all of my devices not to make a noise about it.',
      tags: ['me'],
      security: tokenRequired,
      params: ParamsSchema,
      body: ref(MuteSchema),
      response: {
        204: Type.Unsafe<undefined>(Type.Null({ description: 'The conversation is muted' })),
        ...userProblems(
          'malformed_json', 'self_conversation', 'reserved_user_id', 'conversation_not_found', 'body_too_large', 'unsupported_media_type'
        )
      }
    }
  }, async ({ identity, params, body }, reply) => {
    await app.services.mutes.mute(identity.userId, params.userId, body)
    return reply.code(204).send()
  })

  app.delete('/mutes/:userId', {
    schema: {
      operationId: 'unmuteUser',
      summary: 'Mute the conversation with a user no longer',
      description: 'Also where it isn\'t muted.',
      tags: ['me'],
      security: tokenRequired,
      params: ParamsSchema,
      response: {
        204: Type.Unsafe<undefined>(Type.Null({ description: 'The conversation isn\'t muted' })),
        ...userProblems('self_conversation', 'reserved_user_id', 'conversation_not_found')
      }
    }
  }, async ({ identity, params }, reply) => {
    await app.services.mutes.unmute(identity.userId, params.userId)
    return reply.code(204).send()
  })
}

export default mutes
