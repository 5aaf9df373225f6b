import type { Socket } from 'node:net'
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ProblemCode } from '../../schemas/problem.js'
import { toProblemError } from '../entities/faults.js'
import { ProblemError } from '../errors.js'
import { violations } from '../validation.js'

const mediaType = 'application/problem+json; charset=utf-8'

/** The framework's own errors in terms of the catalogue. */
const frameworkProblems: Record<string, ProblemCode> = {
  FST_ERR_BAD_URL: 'malformed_request',
  FST_ERR_ASYNC_CONSTRAINT: 'malformed_request',
  FST_ERR_MAX_PARAM_LENGTH: 'validation_failed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_TYPE: 'unsupported_media_type'
}

/** Refusals with a 5xx status that are no fault. */
const expected: ReadonlySet<ProblemCode> = new Set(['shutting_down', 'connection_limit'])

/** Every error becomes a problem document (RFC 9457); what is a fault of the server is logged and not told. */
export default fp(async app => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // The caller hung up within the body; nobody reads the answer.
    const aborted = error.code === 'ECONNRESET' && request.raw.readableAborted
    const problem = aborted ? new ProblemError('malformed_request', undefined, { cause: error }) : toProblem(error)
    if (problem.statusCode >= 500 && !expected.has(problem.code)) request.log.error({ err: error }, 'request failed')
    return sendProblem(problem, request, reply)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(new ProblemError('route_not_found'), request, reply))
}, { name: 'errors' })

/** Answers what the router refuses before there is a route. */
export function refuseRoute (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(toProblem(error), request, reply)
}

/** Answers what isn't HTTP, or takes too long or too much to become a request; then the connection ends. */
export function refuseConnection (error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const problem = new ProblemError(connectionProblems[error.code] ?? 'malformed_request')
  if (socket.writable) {
    const body = JSON.stringify(problem.toProblem())
    socket.write(`HTTP/1.1 ${problem.statusCode} ${problem.message}\r\nContent-Type: ${mediaType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`)
  }
  socket.destroySoon()
}

const connectionProblems: Record<string, ProblemCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large'
}

function toProblem (error: FastifyError): ProblemError {
  if (error.validation !== undefined) {
    const errors = violations(error.validation)
    const where = error.validationContext ?? 'body'
    const detail = errors.map(({ path, message }) => `${where}${path} ${message}`).join('; ')
    return new ProblemError('validation_failed', detail, { errors })
  }
  const code = frameworkProblems[error.code]
  return code === undefined ? toProblemError(error) : new ProblemError(code, undefined, { cause: error })
}

function sendProblem (problem: ProblemError, request: FastifyRequest, reply: FastifyReply) {
  if (problem.retryable && !reply.hasHeader('retry-after')) reply.header('retry-after', '1')
  return reply
    .code(problem.statusCode)
    .headers(problem.headers)
    .type(mediaType)
    .serializer(JSON.stringify as (payload: unknown) => string)
    .send(problem.toProblem(request.id))
}
