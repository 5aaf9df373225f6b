import fp from 'fastify-plugin'
import { browserSafety } from '../wire/browser-safety.js'

/** Every answer tells browsers to take it for what it says it is, and to show it in no other page. */
export default fp(async app => {
  app.addHook('onSend', async (_request, reply) => { reply.headers(browserSafety) })
}, { name: 'browser-safety' })
