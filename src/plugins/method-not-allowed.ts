import type { HTTPMethods } from 'fastify'
import fp from 'fastify-plugin'
import { ProblemError } from '../wire/problem-error.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers every other method of the routes registered so far with 405 and Allow (RFC 9110 section 15.5.6). */
    refuseOtherMethods: () => void
  }
}

export default fp(async app => {
  const allowed = new Map<string, Set<string>>()

  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const methods = allowed.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    allowed.set(url, methods)
  })

  app.decorate('refuseOtherMethods', () => {
    const registered = [...allowed].map(([url, methods]) => ({ url, methods, pattern: patternOf(url) }))
    for (const { url } of registered) {
      // What a fixed path doesn't serve itself, a route with parameters may.
      const serving = new Set(registered.flatMap(({ pattern, methods }) => pattern.test(url) ? [...methods] : []))
      const allow = [...serving].join(', ')
      // OPTIONS belongs to CORS.
      const others = app.supportedMethods.filter(method => !serving.has(method) && method !== 'OPTIONS') as HTTPMethods[]
      app.route({
        method: others,
        url,
        schema: { hide: true },
        onRequest: async () => { throw new ProblemError('method_not_allowed', undefined, { headers: { allow } }) },
        handler: async () => {}
      })
    }
  })
}, { name: 'method-not-allowed' })

function patternOf (url: string): RegExp {
  return new RegExp(`^${url.replace(/[.+]/g, '\\$&').replace(/:\w+/g, '[^/]+')}$`)
}
