import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { MessageIdSchema, ref } from '../../../schemas/common.js'
import { TradeOfferWithHistorySchema } from '../../../schemas/trade-offer.js'
import { keyProblems, keyRequired } from '../responses.js'

const trades: FastifyPluginAsyncTypebox = async app => {
  app.get('/trades/:messageId', {
    onRequest: app.requireKey('trades'),
    schema: {
      operationId: 'getTradeOfUsers',
      summary: 'One trade offer of any two users, with its history',
      description: 'Needs the scope `trades`. What was said with a move is shown only to an integration that has the scope `messages` too.',
      tags: ['integrations'],
      security: keyRequired,
      params: Type.Object({ messageId: MessageIdSchema }),
      response: { 200: ref(TradeOfferWithHistorySchema), ...keyProblems('scope_missing', 'trade_not_found') }
    }
  }, async ({ integration, params }) => app.services.trades.show(params.messageId, { texts: integration.scopes.includes('messages') }))
}

export default trades
