import fp from 'fastify-plugin'
import type { ResolvedConfig } from '../../schemas/config.js'

declare module 'fastify' {
  interface FastifyInstance {
    config: ResolvedConfig
  }
}

/** Makes the validated configuration available as `app.config`. */
export default fp<{ config: ResolvedConfig }>(async (app, { config }) => {
  app.decorate('config', config)
}, { name: 'config' })
