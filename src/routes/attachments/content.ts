import type { Readable } from 'node:stream'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { contentDisposition } from '../../storage/content-disposition.js'
import type { EmbeddedStore } from '../../storage/embedded/store.js'
import { ProblemError } from '../../wire/problem-error.js'

interface Content {
  Params: { attachmentId: string }
  Querystring: Record<string, string>
  Body: Readable
}

const hidden = { schema: { hide: true } }

/**
 * Where the bytes of the embedded store come and go. Who has a signed URL needs no token, as with S3, which it stands in for: the
 * same headers, the same statuses. None of it is in the OpenAPI document, as S3 isn't.
 */
const content: FastifyPluginAsync<{ store: EmbeddedStore }> = async (app, { store }) => {
  // Bytes are handed on as they come. How many there may be is in the signature; 10 s is what any request gets.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, body, done) => done(null, body))

  app.put<Content>('/:attachmentId/content', {
    ...hidden,
    onRequest: async request => { if (!store.urls.isUpload(saidOf(request))) throw new ProblemError('attachment_url_invalid') }
  }, async ({ params: { attachmentId: key }, headers, body }, reply) => {
    await store.receive({ key, sha256: String(headers['x-amz-checksum-sha256']) }, body)
    return reply.send()
  })

  app.get<Content>('/:attachmentId/content', {
    ...hidden,
    exposeHeadRoute: false,
    onRequest: async request => { if (!store.urls.isDownload(saidOf(request))) throw new ProblemError('attachment_url_invalid') }
  }, async ({ params: { attachmentId: key }, query }, reply) => {
    const found = await store.read(key)
    if (found === undefined) throw new ProblemError('attachment_not_found')
    return reply.headers({
      'content-type': query.mediaType,
      'content-length': found.size,
      'content-disposition': contentDisposition(query.fileName!),
      // Whatever it is, it runs nothing and knows nothing of this origin, should anybody come to show it.
      'content-security-policy': 'sandbox; default-src \'none\'',
      'cache-control': 'private'
    }).send(found.body)
  })
}

function saidOf ({ params: { attachmentId: key }, query, headers }: FastifyRequest<Content>) {
  return { key, query, headers }
}

export default content
