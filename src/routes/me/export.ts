import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ref } from '../../../schemas/common.js'
import { ExportLineSchema, ExportQuerySchema } from '../../../schemas/export.js'
import { tokenRequired, userProblems } from '../responses.js'

const type = 'application/x-ndjson'

const exportRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/export', {
    schema: {
      operationId: 'exportAccount',
      summary: 'Everything of mine',
      description: 'A page of lines of JSON (NDJSON), each of one thing that the API shows me: the account, and each conversation with the messages of both ' +
        'users and the offers with their history. The schema is that of a line; the last line of a page has the `nextPageToken`. What becomes ' +
        'active between two pages may come twice.',
      tags: ['me'],
      security: tokenRequired,
      querystring: ExportQuerySchema,
      response: {
        200: { description: 'A page of lines', content: { [type]: { schema: ref(ExportLineSchema) } } },
        ...userProblems('invalid_page_token')
      }
    }
  }, async (request, reply) => {
    const lines = await app.services.exports.page(request.identity, request.query.pageToken)
    return reply.type(type).send(lines.map(line => `${JSON.stringify(line)}\n`).join('') as never)
  })
}

export default exportRoute
