import accepts from '@fastify/accepts'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Locale } from '../../schemas/locales.js'
import { matchLocale } from '../locales/match-locale.js'
import { BoundedMap } from '../shared/bounded-map.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The language that the request's header asks for (RFC 9110 section 12.5.4), where it is one of the server's. */
    readonly askedLocale: Locale | undefined
    /** The language in which the caller is told of a problem: the one asked for, that of its token, or DEFAULT_LOCALE. */
    readonly locale: Locale
  }
}

/** How many headers are remembered; browsers have few different ones. */
const maxRemembered = 1000
const longest = 200

/** The language of a request, which is looked at only where something is said in words. */
export default fp(async app => {
  const { DEFAULT_LOCALE } = app.config
  const remembered = new BoundedMap<string, Locale | undefined>(maxRemembered)
  await app.register(accepts)

  function asked (request: FastifyRequest): Locale | undefined {
    const header = request.headers['accept-language']
    if (header === undefined || header.length > longest) return undefined
    if (!remembered.has(header)) remembered.set(header, matchLocale(request.languages()))
    return remembered.get(header)
  }

  app.decorateRequest('askedLocale', { getter () { return asked(this) } })
  app.decorateRequest('locale', { getter () { return this.askedLocale ?? this.identity?.locale ?? DEFAULT_LOCALE } })
}, { name: 'locale', dependencies: ['config'] })
