import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { SeriesHistogram } from './series-histogram.js'

const commonMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * How long requests take, by route. A stream counts as answered when it begins, and a WebSocket only where it is refused:
 * how long they last says nothing of how fast the server is.
 */
export function measureRequests (registry: Registry, app: FastifyInstance): void {
  const durations = new SeriesHistogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests; of streams until they begin',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registry
  })

  // Callers choose paths and methods: what the server doesn't know must not become a series of its own.
  function observe (request: FastifyRequest, { statusCode, elapsedTime }: FastifyReply) {
    const method = commonMethods.has(request.method) ? request.method : 'OTHER'
    const { url: route = 'unmatched' } = request.routeOptions
    durations.observe(`${method} ${statusCode} ${route}`, () => ({ method, route, status_code: statusCode }), elapsedTime / 1000)
  }

  app.addHook('onSend', (request, reply, _payload, done) => {
    if (isStream(reply)) observe(request, reply)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    const upgraded = request.ws && reply.statusCode < 400
    if (!upgraded && !isStream(reply)) observe(request, reply)
    done()
  })
}

function isStream (reply: FastifyReply): boolean {
  return reply.getHeader('content-type') === 'text/event-stream'
}
