import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { SignedInSchema, SignInSchema } from '../../../schemas/web-app.js'
import { userIdOfName } from '../../auth/named-user.js'
import { ProblemError } from '../../wire/problem-error.js'
import { mayNameItself } from './name-sign-in.js'

/** How long a token holds, in ms. */
const validity = 12 * 60 * 60 * 1000

/** A token for a name, on a developer's machine; elsewhere there is no such thing. */
const signIn: FastifyPluginAsyncTypebox = async app => {
  app.post('/sign-in', {
    schema: { hide: true, body: SignInSchema, response: { 200: SignedInSchema } },
    onRequest: async request => {
      if (!mayNameItself(app.config, request)) throw new ProblemError('route_not_found')
    }
  }, async (request, reply) => {
    const { name } = request.body
    const userId = userIdOfName(name)
    const exp = Math.floor((Date.now() + validity) / 1000)
    const token = app.jwt.sign({ sub: userId, name, exp })
    return reply.header('cache-control', 'no-store').send({ token, userId, username: name, expiresAt: new Date(exp * 1000).toISOString() })
  })
}

export default signIn
