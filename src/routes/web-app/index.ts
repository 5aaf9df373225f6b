import type { FastifyPluginAsync } from 'fastify'
import appConfig from './app-config.js'
import { contentSecurityPolicy } from './content-security-policy.js'
import files from './files.js'
import signIn from './sign-in.js'

/** The web app and what it needs before anybody has signed in. None of it is in the OpenAPI document: only the app asks for it. */
const webApp: FastifyPluginAsync<{ folder: string }> = async (app, { folder }) => {
  const policy = contentSecurityPolicy(app.config, app.storage?.origin)
  const mayBeFramed = (app.config.EMBED_ORIGINS ?? []).length > 0

  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.headers({ 'content-security-policy': policy, 'referrer-policy': 'same-origin' })
    // It knows no list of origins; the policy's frame-ancestors does.
    if (mayBeFramed) reply.removeHeader('x-frame-options')
    done()
  })

  await app.register(appConfig)
  await app.register(signIn)
  await app.register(files, { folder })
}

export default webApp
