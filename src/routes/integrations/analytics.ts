import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { OperatorAnalyticsSchema, OperatorQuerySchema } from '../../../schemas/market.js'
import { ref } from '../../../schemas/common.js'
import type { Reading } from '../../services/analytics/reading/reading.js'
import { keyProblems, keyRequired } from '../responses.js'

/** What happens in the whole installation. */
const operatorAnalytics: FastifyPluginAsyncTypebox<{ reading: Reading }> = async (app, { reading }) => {
  app.get('/analytics', {
    onRequest: app.requireKey('analytics'),
    schema: {
      operationId: 'getOperatorAnalytics',
      summary: 'What happened in all negotiations, and what the market pays',
      description: 'Needs the scope `analytics`. Activity by day (UTC), the market as everybody sees it, and how far the work queue is behind. At most 366 days; ' +
        'where the market is counted by hours 125 of them, which are 3,000.',
      tags: ['integrations'],
      security: keyRequired,
      querystring: OperatorQuerySchema,
      response: { 200: ref(OperatorAnalyticsSchema), ...keyProblems('scope_missing', 'range_too_large') }
    }
  }, async request => reading.operator(request.query))
}

export default operatorAnalytics
