import type { FastifyReply } from 'fastify'

/** Says that an answer depends on a header of the request too (RFC 9110 section 12.5.5), beside what others have said. */
export function vary (reply: FastifyReply, header: string): FastifyReply {
  return reply.header('vary', [reply.getHeader('vary') ?? [], header].flat().join(', '))
}
