import type { Socket } from 'node:net'
import type { ConnectionError, FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Locale } from '../../schemas/locales.js'
import type { ProblemCode } from '../../schemas/problem.js'
import { browserSafety } from './browser-safety.js'
import { ProblemError } from './problem-error.js'
import { vary } from './vary.js'
import { violationsOf, type AjvError } from './violations.js'

const mediaType = 'application/problem+json; charset=utf-8'

/** The framework's own errors in terms of the catalogue. */
const frameworkCodes: Record<string, ProblemCode> = {
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

const connectionCodes: Record<string, ProblemCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large'
}

/** The problem that an error of Fastify is, such as a violated schema; undefined for what isn't the framework's doing. */
export function frameworkProblem (error: FastifyError): ProblemError | undefined {
  if (error.validation !== undefined) {
    const violations = violationsOf(error.validation as AjvError[], { where: error.validationContext ?? 'body' })
    return new ProblemError('validation_failed', undefined, { violations })
  }
  const code = frameworkCodes[error.code]
  return code === undefined ? undefined : new ProblemError(code, undefined, { cause: error })
}

/** Answers with a problem document (RFC 9457). @param locale the language of its words, if not the request's */
export function sendProblem (problem: ProblemError, request: FastifyRequest, reply: FastifyReply, locale: Locale = request.locale): FastifyReply {
  if (problem.retryable && !reply.hasHeader('retry-after')) reply.header('retry-after', '1')
  return vary(reply, 'Accept-Language')
    .code(problem.statusCode)
    .headers(problem.headers)
    .header('content-language', locale)
    .type(mediaType)
    .serializer(JSON.stringify as (payload: unknown) => string)
    .send(problem.toProblem(locale, request.id))
}

/** Answers, in English, what the router refuses before there is a route, and hooks. */
export function refuseRoute (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(browserSafety)
  sendProblem(frameworkProblem(error) ?? new ProblemError('internal_error', undefined, { cause: error }), request, reply, 'en')
}

/** Answers, in English, what isn't HTTP, or takes too long or too much to become a request; then the connection ends. */
export function refuseConnection (error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const problem = new ProblemError(connectionCodes[error.code] ?? 'malformed_request')
  if (socket.writable) {
    const body = JSON.stringify(problem.toProblem('en'))
    socket.write(`HTTP/1.1 ${problem.statusCode} ${problem.message}\r\nContent-Type: ${mediaType}\r\nContent-Language: en\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n${body}`)
  }
  socket.destroySoon()
}
