import fp from 'fastify-plugin'
import { toProblemError } from '../database/faults.js'
import type { JoiningContext } from '../live/joining.js'
import { announcePresence } from '../live/presence-announcements.js'
import { Typing } from '../live/typing.js'
import { measureHub } from '../observability/metrics/hub.js'
import { Turns } from '../shared/turns.js'

/** How many clients are read what they missed at once. */
const catchUpsAtOnce = 8

declare module 'fastify' {
  interface FastifyInstance {
    typing: Typing
    /** What connections begin with, whatever carries them. */
    joining: JoiningContext
  }
}

/** What live connections tell of their users: that they type, come and go. */
export default fp(async app => {
  const { backPlane, hub, services: { acquaintance, catchUp, changes, conversations, cursors, users } } = app
  const typing = new Typing(hub.publish, acquaintance, hub.limits)
  hub.on('offline', ({ userId }) => typing.stopAll(userId))
  app.happenings.listen(happening => {
    if (happening.type !== 'blocked') return
    const { userId, otherId } = happening
    typing.stop(userId, otherId)
    typing.stop(otherId, userId)
  })
  const presenceAnnounced = announcePresence({ hub, backPlane, conversations, acquaintance, users, log: app.log })
  measureHub(app.metrics, { hub, typing, backPlane })
  app.decorate('typing', typing)
  app.decorate('joining', {
    hub,
    catchUp,
    changes,
    cursors,
    turns: new Turns(catchUpsAtOnce, error => toProblemError(error).statusCode === 503)
  })
  app.addHook('onClose', async () => {
    typing.close()
    await presenceAnnounced()
  })
}, { name: 'live', dependencies: ['hub', 'services', 'metrics'] })
