import cors from '@fastify/cors'
import fp from 'fastify-plugin'
import { ProblemError } from '../wire/problem-error.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Refuses an origin that isn't in CLIENT_URL; callers without one aren't browsers. @throws ProblemError origin_not_allowed */
    checkOrigin: (origin: string | undefined) => void
  }
}

/** Which web pages may call: the origins in CLIENT_URL. */
export default fp(async app => {
  const allowed = new Set(app.config.CLIENT_URL)
  const open = allowed.has('*')

  await app.register(cors, {
    origin: open ? '*' : [...allowed],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', 'X-Request-Id'],
    exposedHeaders: [
      'Idempotent-Replayed', 'Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'X-Request-Id'
    ],
    maxAge: 600,
    strictPreflight: false
  })

  // Browsers don't apply CORS to WebSockets: the server has to look.
  app.decorate('checkOrigin', origin => {
    if (!open && origin !== undefined && !allowed.has(origin)) throw new ProblemError('origin_not_allowed')
  })
}, { name: 'cors', dependencies: ['config'] })
