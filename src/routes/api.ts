import type { FastifyPluginAsync } from 'fastify'
import analyticsRoutes from './analytics/analytics.js'
import attachmentRoutes from './attachments/attachments.js'
import conversations from './conversations.js'
import { answerInTime } from './deadline.js'
import events from './events.js'
import me from './me/index.js'
import messages from './messages.js'
import sync from './sync.js'
import trades from './trades.js'
import users from './users.js'

/** Everything that needs a user: authenticated here, once. */
const api: FastifyPluginAsync<{ answerWithin: number }> = async (app, { answerWithin }) => {
  app.addHook('onRequest', app.requireUser)
  app.addHook('preHandler', async request => {
    await app.services.users.touch(request.identity)
  })

  await app.register(events)
  const { attachments } = app.services
  if (attachments !== undefined) {
    await app.register(async app => {
      answerInTime(app, answerWithin)
      await app.register(attachmentRoutes, { attachments })
    }, { prefix: '/attachments' })
  }
  const { analytics } = app
  if (analytics !== undefined) {
    await app.register(async app => {
      answerInTime(app, answerWithin)
      await app.register(analyticsRoutes, analytics)
    }, { prefix: '/analytics' })
  }
  await app.register(async app => {
    answerInTime(app, answerWithin)
    await app.register(me)
  }, { prefix: '/me' })
  await app.register(async app => {
    answerInTime(app, answerWithin)
    await app.register(users)
    await app.register(conversations)
    await app.register(trades)
    await app.register(sync)
    await app.register(messages)
  }, { prefix: '/messages' })
}

export default api
