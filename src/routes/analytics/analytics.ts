import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AnalyticsQuerySchema, AnalyticsSchema, CounterpartiesQuerySchema, CounterpartiesSchema } from '../../../schemas/analytics.js'
import { MarketQuerySchema, MarketSchema } from '../../../schemas/market.js'
import { ref } from '../../../schemas/common.js'
import type { Reading } from '../../services/analytics/reading/reading.js'
import { tokenRequired, userProblems } from '../responses.js'

/** What was traded. */
const analyticsRoutes: FastifyPluginAsyncTypebox<{ reading: Reading }> = async (app, { reading }) => {
  app.get('/me', {
    schema: {
      operationId: 'getAnalytics',
      summary: 'What I traded',
      description: 'What I sold and bought, at what price, and how fast I agreed, by quarter hours, hours, days or months of a time zone. Energy and money count ' +
        'when the delivery begins, all else when it happened. Every figure is exact, and seconds behind. At most 366 days and 3,000 intervals.',
      tags: ['analytics'],
      security: tokenRequired,
      querystring: AnalyticsQuerySchema,
      response: { 200: ref(AnalyticsSchema), ...userProblems('range_too_large') }
    }
  }, async request => reading.own(request.identity.userId, request.query))

  app.get('/me/counterparties', {
    schema: {
      operationId: 'getCounterparties',
      summary: 'With whom I traded',
      description: 'In a month (UTC), by the beginning of delivery: those with whom I traded the most energy, and all others together.',
      tags: ['analytics'],
      security: tokenRequired,
      querystring: CounterpartiesQuerySchema,
      response: { 200: ref(CounterpartiesSchema), ...userProblems() }
    }
  }, async request => reading.counterparties(request.identity.userId, request.query))

  app.get('/market', {
    schema: {
      operationId: 'getMarket',
      summary: 'What the market pays',
      description: 'Figures of all users together, by the beginning of delivery. An interval is shown a day after its end, and only if enough sellers and buyers ' +
        'made enough trades (`rules`); amounts are rounded to kWh and prices to 3 significant digits, and the totals are made of what is shown. ' +
        'At most 366 days and 3,000 intervals.',
      tags: ['analytics'],
      security: tokenRequired,
      querystring: MarketQuerySchema,
      response: { 200: ref(MarketSchema), ...userProblems('range_too_large') }
    }
  }, async request => reading.market(request.query))
}

export default analyticsRoutes
