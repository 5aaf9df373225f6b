import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdempotencyHeadersSchema, ref } from '../../../schemas/common.js'
import { MakeReportSchema, ReportSchema } from '../../../schemas/report.js'
import { tokenRequired, userProblems } from '../responses.js'

const reports: FastifyPluginAsyncTypebox = async app => {
  app.post('/reports', {
    schema: {
      operationId: 'reportUser',
      summary: 'Report a user',
      description: 'To those who moderate, with copies of the messages that it names, of both users. The user isn\'t told. Kept for 180 days; 20 a day, ' +
        'after which the answer is 429 until midnight UTC.',
      tags: ['me'],
      security: tokenRequired,
      headers: IdempotencyHeadersSchema,
      body: ref(MakeReportSchema),
      response: {
        201: ref(ReportSchema),
        ...userProblems(
          'malformed_json', 'self_conversation', 'reserved_user_id', 'seq_out_of_range', 'conversation_not_found', 'body_too_large',
          'unsupported_media_type', 'idempotency_key_reused'
        )
      }
    }
  }, async ({ identity, body, headers }, reply) => {
    const { report, replayed } = await app.reports.make(identity.userId, body, headers['idempotency-key'])
    if (replayed) reply.header('idempotent-replayed', 'true')
    return reply.code(201).send(report)
  })
}

export default reports
