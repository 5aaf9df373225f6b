import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref, UserIdSchema } from '../../../schemas/common.js'
import { SuspendSchema, SuspensionSchema } from '../../../schemas/suspension.js'
import { keyProblems, keyRequired } from '../responses.js'

const ParamsSchema = Type.Object({ userId: UserIdSchema })

/** Who may write nothing for a time. */
const suspensions: FastifyPluginAsyncTypebox = async app => {
  app.post('/users/:userId/suspend', {
    onRequest: app.requireKey('moderation'),
    schema: {
      operationId: 'suspendUser',
      summary: 'Let a user write nothing until a time',
      description: 'Needs the scope `moderation`. Within 30 s whatever the user writes, opens, counters or accepts is refused with `suspended`, also what an ' +
        'integration writes in the user\'s name. To read, to reject and withdraw, to block, mute and report, to export and to erase stay possible. ' +
        'It takes the place of an earlier suspension, and ends by itself.',
      tags: ['integrations'],
      security: keyRequired,
      params: ParamsSchema,
      body: ref(SuspendSchema),
      response: {
        200: ref(SuspensionSchema),
        ...keyProblems('malformed_json', 'reserved_user_id', 'scope_missing', 'body_too_large', 'unsupported_media_type')
      }
    }
  }, async ({ integration, params, body }) => app.services.suspensions.suspend(params.userId, body, integration.integrationId))

  app.delete('/users/:userId/suspend', {
    onRequest: app.requireKey('moderation'),
    schema: {
      operationId: 'endSuspension',
      summary: 'Let a user write again',
      description: 'Needs the scope `moderation`. Within 30 s; also where there is no suspension.',
      tags: ['integrations'],
      security: keyRequired,
      params: ParamsSchema,
      querystring: Type.Object({}, { additionalProperties: false }),
      response: { 204: Type.Unsafe<undefined>(Type.Null({ description: 'The user may write' })), ...keyProblems('scope_missing') }
    }
  }, async ({ params }, reply) => {
    await app.services.suspensions.lift(params.userId)
    return reply.code(204).send()
  })
}

export default suspensions
