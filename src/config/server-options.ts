import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { FastifyBaseLogger, FastifyHttpOptions, RawRequestDefaultExpression } from 'fastify'
import type { Config } from '../../schemas/config.js'
import { refuseConnection, refuseRoute } from '../wire/framework-problems.js'
import { buildSerializer, buildValidator } from '../wire/validation.js'

/**
 * The options of the server; the tests use the same ones.
 * @param config TRUST_PROXY is read
 * @param log gets what the server says
 */
export function serverOptions (config: Config, log: FastifyBaseLogger) {
  return {
    loggerInstance: log,
    bodyLimit: 16 * 1024,
    requestTimeout: 10_000,
    // Node looks for requests that take too long every 30 s otherwise.
    http: { headersTimeout: 10_000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 },
    keepAliveTimeout: 75_000,
    // How long an answer may wait for a client that doesn't read it: more than a request may take, which gets an answer.
    connectionTimeout: 15_000,
    // The shutdown plugin says it as a problem.
    return503OnClosing: false,
    trustProxy: config.TRUST_PROXY ?? false,
    requestIdHeader: false,
    genReqId,
    routerOptions: {
      // A conversation's id has up to 257 characters, each of which may be percent-encoded.
      maxParamLength: 3 * 257
    },
    schemaController: { compilersFactory: { buildValidator: buildValidator as never, buildSerializer: buildSerializer as never } },
    frameworkErrors: refuseRoute,
    clientErrorHandler: refuseConnection
  } satisfies FastifyHttpOptions<Server>
}

/** The caller's request id where it is harmless, else a new one. */
function genReqId (request: RawRequestDefaultExpression): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:/+=-]{1,128}$/.test(given) ? given : randomUUID()
}
