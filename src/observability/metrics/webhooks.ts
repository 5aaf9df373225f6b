import { Counter, Gauge, type Registry } from 'prom-client'
import type { Subscribers } from '../../services/webhooks/subscribers.js'
import type { Health } from '../../work/webhooks/health.js'

/** What became of attempts at endpoints, and how many endpoints there are. It is read when somebody asks. */
export function measureWebhooks (registry: Registry, { health, subscribers }: { health: Health, subscribers: Subscribers }): void {
  registry.registerMetric(new Counter({
    name: 'equilux_webhook_attempts_total',
    help: 'Attempts of this instance at sending events: delivered, refused by a status, or failed without one',
    labelNames: ['outcome'],
    registers: [],
    collect () {
      this.reset()
      for (const [outcome, count] of Object.entries(health.attempts)) this.inc({ outcome }, count)
    }
  }))
  registry.registerMetric(new Gauge({
    name: 'equilux_webhook_endpoints',
    help: 'Endpoints as this instance knows them: those that are sent events, and those for which they are held',
    labelNames: ['state'],
    registers: [],
    collect () {
      for (const [state, count] of Object.entries(subscribers.counts)) this.set({ state }, count)
    }
  }))
}
