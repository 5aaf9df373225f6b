import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { AttachmentParamsSchema, AttachmentSchema, AttachmentUploadSchema, MakeAttachmentSchema } from '../../../schemas/attachment.js'
import { IdempotencyHeadersSchema, ref } from '../../../schemas/common.js'
import type { Attachments } from '../../services/attachments/attachments.js'
import { attachmentLinks } from '../links.js'
import { tokenRequired, userProblems } from '../responses.js'

const routes: FastifyPluginAsyncTypebox<{ attachments: Attachments }> = async (app, { attachments }) => {
  app.post('', {
    links: { 201: attachmentLinks('$response.body#/attachmentId') },
    schema: {
      operationId: 'makeAttachment',
      summary: 'Announce a file to attach',
      description: 'Says exactly which bytes are going to be uploaded, with the method, the headers and the URL of the answer, which is good for 15 minutes. Then they can be ' +
        'sent with a message to that user, within 24 h; else they go. With an `Idempotency-Key` the same again gives the same attachment and a fresh URL: so an upload that broke ' +
        'off is taken up again. At most 20 can wait for their message, and 200 MiB be announced on a day, which begins at midnight UTC.',
      tags: ['attachments'],
      security: tokenRequired,
      headers: IdempotencyHeadersSchema,
      body: ref(MakeAttachmentSchema),
      response: {
        201: ref(AttachmentUploadSchema),
        ...userProblems(
          'malformed_json', 'self_conversation', 'reserved_user_id', 'suspended', 'blocked', 'contact_not_allowed', 'reply_awaited', 'attachment_unavailable',
          'attachment_too_large', 'body_too_large', 'attachment_type_not_allowed', 'unsupported_media_type', 'idempotency_key_reused', 'attachment_quota', 'storage_unavailable'
        )
      }
    }
  }, async (request, reply) => {
    const { identity, body, headers } = request
    const { upload: { attachmentId, upload }, replayed } = await attachments.make(identity.userId, body, headers['idempotency-key'])
    if (replayed) reply.header('idempotent-replayed', 'true')
    return reply.code(201).send({ attachmentId, upload: reachedBy(request, upload) })
  })

  app.get('/:attachmentId', {
    schema: {
      operationId: 'getAttachment',
      summary: 'A file and where its bytes are',
      description: 'For the two users of the message that has it. The URL is good for 5 minutes, for whoever has it. Before a message has it only its sender sees it, without a URL.',
      tags: ['attachments'],
      security: tokenRequired,
      params: AttachmentParamsSchema,
      response: {
        200: ref(AttachmentSchema),
        ...userProblems('attachment_not_found', 'attachment_scanning', 'attachment_unavailable', 'storage_unavailable')
      }
    }
  }, async request => {
    const { download, ...attachment } = await attachments.get(request.identity.userId, request.params.attachmentId)
    return download === undefined ? attachment : { ...attachment, download: reachedBy(request, download) }
  })
}

/** With its URL for whoever has asked: what the server keeps itself is where it was asked, under whatever name. */
function reachedBy <Signed extends { url: string }> ({ protocol, host }: FastifyRequest, signed: Signed): Signed {
  return signed.url.startsWith('/') ? { ...signed, url: `${protocol}://${host}${signed.url}` } : signed
}

export default routes
