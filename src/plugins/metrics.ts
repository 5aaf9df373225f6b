import fp from 'fastify-plugin'
import { Registry } from 'prom-client'
import { measureRequests } from '../observability/metrics/http.js'
import { processMetrics } from '../observability/metrics/process.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where what is measured of this app is registered. */
    metrics: Registry
    /** Everything measured, in the text format of Prometheus. */
    scrape: () => Promise<string>
  }
}

/** Metrics. Each plugin registers those of what it provides. */
export default fp(async app => {
  const registry = new Registry()
  const ofProcess = processMetrics()
  app.decorate('metrics', registry)
  app.decorate('scrape', async () => (await Promise.all([registry.metrics(), ofProcess.metrics()])).join('\n'))
  measureRequests(registry, app)
}, { name: 'metrics' })
