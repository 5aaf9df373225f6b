import fp from 'fastify-plugin'
import { measureAttachments, type AttachmentMeters } from '../observability/metrics/attachments.js'
import { ProblemError } from '../wire/problem-error.js'

declare module 'fastify' {
  interface FastifyInstance {
    attachmentMeters: AttachmentMeters
  }
}

/** Counts what becomes of attachments; what is refused is seen here, whatever refuses it. */
export default fp(async app => {
  const meters = measureAttachments(app.metrics)
  app.decorate('attachmentMeters', meters)
  app.addHook('onError', async (_request, _reply, error) => { if (error instanceof ProblemError) meters.refused(error.code) })
}, { name: 'attachment-meters', dependencies: ['metrics'] })
