import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { asyncApiDocument } from '../../documents/asyncapi/document.js'
import { referenceDocument } from '../../documents/reference.js'
import type { OpenApiDocument } from '../../documents/openapi/document.js'
import { rendererScript } from './bundle.js'
import { vary } from '../../wire/vary.js'
import { contentSecurityPolicy, logo, page, script, styles } from './page.js'

const hidden = { schema: { hide: true } }

/** The page that shows what the documents say, and lets it be tried. Nothing of it comes from other hosts. */
const reference: FastifyPluginAsync = async app => {
  app.addHook('onSend', async (_request, reply) => { reply.headers({ 'content-security-policy': contentSecurityPolicy, 'cache-control': 'no-cache' }) })

  const give = (url: string, type: string, text: string) => app.get(url, hidden, async (_request, reply) => reply.type(`${type}; charset=utf-8`).send(text))
  give('/docs', 'text/html', page)
  give('/docs/', 'text/html', page)
  give('/docs/page.css', 'text/css', styles)
  give('/docs/page.js', 'text/javascript', script)
  give('/docs/logo.svg', 'image/svg+xml', logo)
  app.get('/docs/renderer.js', hidden, async (request, reply) => await sendRenderer(request, reply))

  let document: object | undefined
  app.get('/docs/document.json', hidden, async () => document ??= referenceDocument(structuredClone(app.swagger()) as unknown as OpenApiDocument, asyncApiDocument()))
}

async function sendRenderer (request: FastifyRequest, reply: FastifyReply) {
  const { text, gzipped, etag } = await rendererScript()
  vary(reply, 'Accept-Encoding').header('etag', etag)
  if (request.headers['if-none-match'] === etag) return reply.code(304).send()
  reply.type('text/javascript; charset=utf-8')
  return request.encodings().includes('gzip') ? reply.header('content-encoding', 'gzip').send(gzipped) : reply.send(text)
}

export default reference
