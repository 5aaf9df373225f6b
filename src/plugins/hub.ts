import fp from 'fastify-plugin'
import { MemoryBackPlane } from '../hub/back-plane-memory.js'
import { RedisBackPlane } from '../hub/back-plane-redis.js'
import type { BackPlane } from '../hub/back-plane.js'
import { Hub } from '../hub/hub.js'
import { defaultHubLimits, type HubLimits } from '../hub/limits.js'

declare module 'fastify' {
  interface FastifyInstance {
    backPlane: BackPlane
    hub: Hub
  }
}

/** The live connections of this process, and what connects it with other instances. */
export default fp<{ limits?: Partial<HubLimits> }>(async (app, { limits }) => {
  const { redis } = app
  const backPlane: BackPlane = redis === undefined
    ? new MemoryBackPlane()
    : new RedisBackPlane(redis.prefix, redis.commands, redis.subscriber, app.log)
  const hub = new Hub({ ...defaultHubLimits, ...limits }, backPlane)
  app.decorate('backPlane', backPlane)
  app.decorate('hub', hub)
  app.addHook('onClose', async () => {
    hub.close('server_shutdown')
    backPlane.close()
  })
}, { name: 'hub', dependencies: ['redis'] })
