import cors from '@fastify/cors'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../wire/problem-error.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Refuses an origin that isn't in CLIENT_URL; callers without one aren't browsers. @throws ProblemError origin_not_allowed */
    checkOrigin: (origin: string | undefined) => void
  }
}

/** What no web page may call, whatever its origin: keys of integrations have no business in one. */
const closed = '/api/integrations/'

/** Which web pages may call: the origins in CLIENT_URL. */
export default fp(async app => {
  const allowed = new Set(app.config.CLIENT_URL)
  const open = allowed.has('*')

  const options = {
    origin: open ? '*' : [...allowed],
    // As they are sent: lists would be joined for each request.
    methods: 'GET, POST, PUT, PATCH, DELETE',
    allowedHeaders: [
      'Accept-Language', 'Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID', 'X-Amz-Checksum-Sha256',
      'X-Amz-Tagging', 'X-Request-Id'
    ].join(', '),
    exposedHeaders: [
      'Content-Language', 'ETag', 'Idempotent-Replayed', 'Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'X-Request-Id'
    ].join(', '),
    maxAge: 600,
    strictPreflight: false
  }
  await app.register(cors, {
    delegator: (request: FastifyRequest, done: (error: null, options: object) => void) => done(null, isClosed(request) ? { origin: false } : options)
  })

  // Browsers don't apply CORS to WebSockets: the server has to look.
  app.decorate('checkOrigin', origin => {
    if (!open && origin !== undefined && !allowed.has(origin)) throw new ProblemError('origin_not_allowed')
  })
}, { name: 'cors', dependencies: ['config'] })

/** A preflight, as what has no route, goes by its path. */
function isClosed ({ routeOptions: { url: route = '*' }, url }: FastifyRequest): boolean {
  return (route === '*' ? url : route).startsWith(closed)
}
