import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Contract } from './document.js'

/**
 * The operation that a request is one of, as it is named in the document. Not of one are requests without a route, or for a
 * hidden one: another method of a path (405), preflights, the documents and the reference page.
 */
function operationName ({ method, routeOptions: { url, schema } }: FastifyRequest): string | undefined {
  const { hide = false } = (schema ?? {}) as { hide?: boolean }
  if (url === undefined || schema === undefined || hide || method === 'OPTIONS') return undefined
  return `${method === 'HEAD' ? 'GET' : method} ${url.replace(/:(\w+)/g, '{$1}')}`
}

/**
 * Holds every answer of an app against its OpenAPI document.
 * @param violations where to note what isn't in it
 * @param contractOf what the app's document says; asked for once there is an answer
 */
export function responseCheck (violations: string[], contractOf: (app: FastifyInstance) => Contract) {
  return fp(async app => {
    const bodies = new WeakMap<FastifyRequest, string>()
    let contract: Contract

    app.addHook('onSend', async (request, _reply, payload) => {
      if (payload === null || payload === undefined) bodies.set(request, '')
      else if (typeof payload === 'string' || Buffer.isBuffer(payload)) bodies.set(request, String(payload))
    })

    app.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
      const name = operationName(request)
      if (name === undefined) return
      contract ??= contractOf(request.server)
      const operation = contract.operations.get(name)
      const found = operation === undefined
        ? ['the operation is not documented']
        : contract.violations(operation, {
          status: reply.statusCode, headers: reply.getHeaders(), body: request.method === 'HEAD' ? undefined : bodies.get(request)
        })
      violations.push(...found.map(violation => `${request.method} ${request.url}: ${violation}`))
    })
  }, { name: 'response-check' })
}
