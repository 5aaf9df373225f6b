import fp from 'fastify-plugin'
import { announcePresence } from '../live/presence-announcements.js'
import { Typing } from '../live/typing.js'
import { measureHub } from '../observability/metrics/hub.js'

declare module 'fastify' {
  interface FastifyInstance {
    typing: Typing
  }
}

/** What live connections tell of their users: that they type, come and go. */
export default fp(async app => {
  const { backPlane, hub, services: { acquaintance, conversations, users } } = app
  const typing = new Typing(hub.publish, acquaintance, hub.limits)
  hub.on('offline', ({ userId }) => typing.stopAll(userId))
  const presenceAnnounced = announcePresence({ hub, backPlane, conversations, acquaintance, users, log: app.log })
  measureHub(app.metrics, { hub, typing, backPlane })
  app.decorate('typing', typing)
  app.addHook('onClose', async () => {
    typing.close()
    await presenceAnnounced()
  })
}, { name: 'live', dependencies: ['hub', 'services', 'metrics'] })
