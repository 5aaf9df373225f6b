import type { FastifyError } from 'fastify'
import { ProblemError } from './problem-error.js'

/** What is wrong with a request for a file: by a status of 4xx its plugin tells what isn't there, or must not be asked for. */
export function fileProblem (error: FastifyError): Error {
  const { statusCode: status = 500 } = error
  if (status < 400 || status >= 500) return error
  return new ProblemError(status === 403 || status === 404 ? 'route_not_found' : 'malformed_request', undefined, { cause: error })
}
