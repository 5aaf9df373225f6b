import { isUtf8 } from 'node:buffer'
import fp from 'fastify-plugin'
import { ProblemError } from '../wire/problem-error.js'

/** Bodies are JSON and nothing else. Bytes that aren't UTF-8 are refused: Fastify's own parser would replace them. */
export default fp(async app => {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (isUtf8(body)) parse(request, body.toString(), done)
    else done(new ProblemError('malformed_json'))
  })
}, { name: 'json-body' })
