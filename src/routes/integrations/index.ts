import type { FastifyPluginAsync } from 'fastify'
import { answerInTime } from '../deadline.js'
import analyticsRoutes from './analytics.js'
import conversations from './conversations.js'
import deliveries from './deliveries.js'
import me from './me.js'
import suspensions from './suspensions.js'
import testEndpoint from './test-endpoint.js'
import trades from './trades.js'
import users from './users.js'
import webhooks from './webhooks.js'

/** Everything that needs the key of an integration: authenticated here, once. */
const integrations: FastifyPluginAsync<{ answerWithin: number }> = async (app, { answerWithin }) => {
  app.addHook('onRequest', app.requireKey())

  await app.register(async app => {
    answerInTime(app, answerWithin)
    await app.register(me)
    await app.register(users)
    await app.register(suspensions)
    await app.register(conversations)
    await app.register(trades)
    await app.register(webhooks)
    await app.register(deliveries)
    if (app.analytics !== undefined) await app.register(analyticsRoutes, app.analytics)
  })
  await app.register(testEndpoint)
}

export default integrations
