import fp from 'fastify-plugin'
import { browserSafety } from '../wire/browser-safety.js'

/** Every answer tells browsers to take it for what it says it is, and to show it in no other page. */
export default fp(async app => {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.headers(browserSafety)
    done()
  })
}, { name: 'browser-safety' })
