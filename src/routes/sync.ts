import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../schemas/common.js'
import { MissedPageSchema, SyncQuerySchema } from '../../schemas/sync.js'
import { link } from './links.js'
import { tokenRequired, userProblems } from './responses.js'

const sync: FastifyPluginAsyncTypebox = async app => {
  app.get('/sync', {
    links: {
      200: {
        sync: link('sync', 'What is missed from here on', { since: '$response.body#/cursor' }),
        streamEvents: link('streamEvents', 'The same, live', { 'last-event-id': '$response.body#/cursor' })
      }
    },
    schema: {
      operationId: 'sync',
      summary: 'Everything I missed since a cursor',
      description: 'Over all conversations, in order within each. Without `since` it returns only the cursor of now. The same ' +
        'catch-up as `resume` on the WebSocket and `Last-Event-ID` on the event stream. With `changes=true` the last page also has the ' +
        'conversations whose read positions, partners\' presence or messages have changed.',
      tags: ['live'],
      security: tokenRequired,
      querystring: SyncQuerySchema,
      response: { 200: ref(MissedPageSchema), ...userProblems('invalid_cursor') }
    }
  }, async request => app.services.sync.missed(request.identity.userId, request.query))
}

export default sync
