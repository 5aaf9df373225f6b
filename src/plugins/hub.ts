import fp from 'fastify-plugin'
import { MemoryBackPlane } from '../hub/back-plane-memory.js'
import { RedisBackPlane } from '../hub/back-plane-redis.js'
import type { BackPlane } from '../hub/back-plane.js'
import { Hub } from '../hub/hub.js'
import { defaultHubLimits, type HubLimits } from '../hub/limits.js'
import { Typing } from '../live/typing.js'
import { measureHub } from '../observability/metrics/hub.js'

declare module 'fastify' {
  interface FastifyInstance {
    backPlane: BackPlane
    hub: Hub
    typing: Typing
  }
}

/** The live connections of this process, and what connects it with other instances. */
export default fp<{ limits?: Partial<HubLimits> }>(async (app, { limits }) => {
  const { redis } = app
  const backPlane: BackPlane = redis === undefined ? new MemoryBackPlane() : new RedisBackPlane(redis.prefix, redis.commands, redis.subscriber)
  const hub = new Hub({ ...defaultHubLimits, ...limits }, backPlane)
  const typing = new Typing(hub.publish, hub.limits)
  hub.on('offline', ({ userId }) => typing.stopAll(userId))
  measureHub(app.metrics, { hub, typing, backPlane })
  app.decorate('backPlane', backPlane)
  app.decorate('hub', hub)
  app.decorate('typing', typing)
  app.addHook('onClose', async () => {
    hub.close('server_shutdown')
    typing.close()
    backPlane.close()
  })
}, { name: 'hub', dependencies: ['redis', 'metrics'] })
