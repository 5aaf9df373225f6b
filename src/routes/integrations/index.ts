import type { FastifyPluginAsync } from 'fastify'
import { answerInTime } from '../deadline.js'
import conversations from './conversations.js'
import me from './me.js'
import trades from './trades.js'
import users from './users.js'

/** Everything that needs the key of an integration: authenticated here, once. */
const integrations: FastifyPluginAsync<{ answerWithin: number }> = async (app, { answerWithin }) => {
  app.addHook('onRequest', app.requireKey())

  await app.register(async app => {
    answerInTime(app, answerWithin)
    await app.register(me)
    await app.register(users)
    await app.register(conversations)
    await app.register(trades)
  })
}

export default integrations
