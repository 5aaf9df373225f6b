import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Histogram, type Registry } from 'prom-client'

const commonMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * How long requests take, by route. A stream counts as answered when it begins, and a WebSocket only where it is refused:
 * how long they last says nothing of how fast the server is.
 */
export function measureRequests (registry: Registry, app: FastifyInstance): void {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests; of streams until they begin',
    labelNames: ['method', 'route', 'status_code'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry]
  })

  // Callers choose paths and methods: what the server doesn't know must not become a series of its own.
  function observe ({ method, routeOptions }: FastifyRequest, reply: FastifyReply) {
    durations.observe({
      method: commonMethods.has(method) ? method : 'OTHER',
      route: routeOptions.url ?? 'unmatched',
      status_code: reply.statusCode
    }, reply.elapsedTime / 1000)
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
