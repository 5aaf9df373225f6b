import type { FastifyError } from 'fastify'
import fp from 'fastify-plugin'
import type { ProblemCode } from '../../schemas/problem.js'
import { toProblemError } from '../database/faults.js'
import { frameworkProblem, sendProblem } from '../wire/framework-problems.js'
import { ProblemError } from '../wire/problem-error.js'

/** Refusals with a 5xx status that are no fault, or one that whoever noticed it has logged. */
const expected: ReadonlySet<ProblemCode> = new Set(['shutting_down', 'connection_limit', 'keys_unavailable', 'clock_skewed'])

/** Every error becomes a problem document (RFC 9457); what is a fault of the server is logged and not told. */
export default fp(async app => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // The caller hung up within the body; nobody reads the answer.
    const aborted = error.code === 'ECONNRESET' && request.raw.readableAborted
    const problem = aborted
      ? new ProblemError('malformed_request', undefined, { cause: error })
      : frameworkProblem(error) ?? toProblemError(error)
    if (problem.statusCode >= 500 && !expected.has(problem.code)) request.log.error({ err: error }, 'request failed')
    return sendProblem(problem, request, reply)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(new ProblemError('route_not_found'), request, reply))
}, { name: 'errors' })
