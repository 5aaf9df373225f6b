import fp from 'fastify-plugin'
import { createReports, type Reports } from '../services/moderation/reports.js'

declare module 'fastify' {
  interface FastifyInstance {
    reports: Reports
  }
}

/** What users report of others: those who moderate are told by webhooks. */
export default fp(async app => {
  const { clock, entities: { direct }, webhooks: { notify }, work } = app
  app.decorate('reports', createReports({ direct, notify, wake: item => work.wake(item), clock }))
}, { name: 'reports', dependencies: ['dynamodb', 'webhooks', 'work'] })
