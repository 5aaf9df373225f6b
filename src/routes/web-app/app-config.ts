import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { mediaTypes } from '../../../schemas/attachment.js'
import { locales } from '../../../schemas/locales.js'
import { AppConfigSchema } from '../../../schemas/web-app.js'
import { mayNameItself } from './name-sign-in.js'

/** How people sign in here, and what the app has to know before they have. */
const appConfig: FastifyPluginAsyncTypebox = async app => {
  const { OIDC_AUTHORITY: authority, OIDC_CLIENT_ID: clientId, EMBED_ORIGINS: embedOrigins = [], DEFAULT_CURRENCY: defaultCurrency } = app.config
  const oidc = authority === undefined || clientId === undefined ? undefined : { authority, clientId }

  const attachments = app.config.ATTACHMENTS === 'off' ? undefined : { maxBytes: app.config.ATTACHMENT_MAX_MIB * 2 ** 20, mediaTypes: [...mediaTypes] }
  const analytics = app.analytics === undefined ? undefined : true as const

  app.get('/app-config.json', { schema: { hide: true, response: { 200: AppConfigSchema } } }, async (request, reply) => {
    const name = mayNameItself(app.config, request)
    return reply.header('cache-control', 'no-store').send({ signIn: { name, oidc, embedOrigins }, locales: [...locales], defaultCurrency, attachments, analytics })
  })
}

export default appConfig
