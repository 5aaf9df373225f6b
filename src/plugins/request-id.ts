import fp from 'fastify-plugin'

/** Tells the caller the id under which the request is logged. */
export default fp(async app => {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
}, { name: 'request-id' })
