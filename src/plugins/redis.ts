import fp from 'fastify-plugin'
import { RedisLink } from '../hub/redis-link.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The connections to Redis (or Valkey), if REDIS_URL is set: one for commands, one that listens. */
    redis: { prefix: string, commands: RedisLink, subscriber: RedisLink } | undefined
  }
}

/** Connects when the server gets ready; it starts without Redis as well, which may come later. */
export default fp(async app => {
  const { REDIS_URL: url, TABLE_NAME: table } = app.config
  if (url === undefined) {
    app.decorate('redis', undefined)
    return
  }
  const commands = new RedisLink(url, 'commands', app.log)
  const subscriber = new RedisLink(url, 'subscriptions', app.log)
  app.decorate('redis', { prefix: `equilux:${table}`, commands, subscriber })
  app.addHook('onReady', async () => { await Promise.all([commands.connect(), subscriber.connect()]) })
  // Hooks run in the reverse order: whoever uses Redis has ended by now.
  app.addHook('onClose', async () => { await Promise.all([commands.close(), subscriber.close()]) })
}, { name: 'redis', dependencies: ['config'] })
