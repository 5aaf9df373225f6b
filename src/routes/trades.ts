import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { IdempotencyHeadersSchema, MessageIdSchema, ref } from '../../schemas/common.js'
import { RespondTradeSchema } from '../../schemas/respond-trade.js'
import { ListTradesQuerySchema, TradePageSchema } from '../../schemas/trade-list.js'
import { MovedTradeOfferSchema, TradeOfferWithHistorySchema } from '../../schemas/trade-offer.js'
import { nextPage, tradeLinks } from './links.js'
import { tokenRequired, userProblems } from './responses.js'

const ParamsSchema = Type.Object({ messageId: MessageIdSchema })

const trades: FastifyPluginAsyncTypebox = async app => {
  app.get('/trades', {
    links: { 200: { nextPage: nextPage('listTrades'), ...tradeLinks('$response.body#/trades/0/messageId') } },
    schema: {
      operationId: 'listTrades',
      summary: 'My trade offers, newest first',
      description: 'Those that I sent or received, as they are now. A filtered page may come back short: go by `nextPageToken`.',
      tags: ['trades'],
      security: tokenRequired,
      querystring: ListTradesQuerySchema,
      response: { 200: ref(TradePageSchema), ...userProblems('invalid_page_token') }
    }
  }, async request => app.services.tradeList.list(request.identity.userId, request.query))

  app.get('/trades/:messageId', {
    links: { 200: { respondToTrade: tradeLinks('$response.body#/messageId').respondToTrade } },
    schema: {
      operationId: 'getTrade',
      summary: 'One trade offer with its history',
      description: 'For its two parties; to everybody else it is not there.',
      tags: ['trades'],
      security: tokenRequired,
      params: ParamsSchema,
      response: { 200: ref(TradeOfferWithHistorySchema), ...userProblems('trade_not_found') }
    }
  }, async request => app.services.trades.get(request.identity.userId, request.params.messageId))

  app.post('/trades/:messageId/respond', {
    links: { 200: tradeLinks('$response.body#/messageId') },
    schema: {
      operationId: 'respondToTrade',
      summary: 'Accept, reject, counter or withdraw',
      description: 'While a revision is open the party that didn\'t propose it may accept, reject or counter it, and the one ' +
        'that did may withdraw it. Exactly one move wins; a refused one gets the offer as it is in the problem\'s `offer`. ' +
        'Where one has blocked the other, offers can only be rejected and withdrawn.',
      tags: ['trades'],
      security: tokenRequired,
      params: ParamsSchema,
      headers: IdempotencyHeadersSchema,
      body: ref(RespondTradeSchema),
      response: {
        200: ref(MovedTradeOfferSchema),
        ...userProblems(
          'malformed_json', 'out_of_turn', 'trade_not_found', 'trade_closed', 'stale_revision', 'too_many_revisions',
          'body_too_large', 'unsupported_media_type', 'idempotency_key_reused', 'conversation_busy', 'suspended', 'blocked', 'contact_not_allowed'
        )
      }
    }
  }, async (request, reply) => {
    const { identity, params, body, headers } = request
    const { offer, replayed } = await app.services.trades.respond(
      identity.userId, params.messageId, body, headers['idempotency-key']
    )
    if (replayed) reply.header('idempotent-replayed', 'true')
    return offer
  })
}

export default trades
