import fp from 'fastify-plugin'

/** Tells the caller the id under which the request is logged. */
export default fp(async app => {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    done()
  })
}, { name: 'request-id' })
