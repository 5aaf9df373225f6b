import { FastifyOtelInstrumentation } from '@fastify/otel'

/** What machines ask again and again. */
const ignored = new Set(['/health', '/ready', '/metrics'])

/** Traces the requests of every Fastify instance: a span for each, without those of its hooks. */
export function traceRequests (): void {
  const instrumentation = new FastifyOtelInstrumentation({
    registerOnInitialization: true,
    instrumentHooks: false,
    instrumentHandler: false,
    ignorePaths: ({ url }) => ignored.has(url.split('?', 1)[0]!),
    requestHook (span, request) {
      const { method, routeOptions: { url: route } } = request
      span.updateName(route === undefined ? method : `${method} ${route}`)
      // The path has user ids in it, and a query whatever somebody puts there.
      span.setAttribute('url.path', route ?? '')
      request.log = request.log.child({ traceId: span.spanContext().traceId })
    }
  })
  instrumentation.enable()
}
