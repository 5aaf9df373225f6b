import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { problemResponses } from '../../schemas/problem.js'
import { asyncApiDocument } from '../documents/asyncapi/document.js'
import { ProblemError } from '../wire/problem-error.js'
import type { BackPlaneHealth } from '../hub/back-plane.js'

const StatusSchema = Type.Object({ status: Type.Literal('ok') }, { additionalProperties: false, description: 'It is alive', examples: [{ status: 'ok' }] })

const ReadinessSchema = Type.Object({
  status: Type.Unsafe<'ok' | 'degraded'>(Type.String({
    enum: ['ok', 'degraded'], description: 'degraded: it serves, but events of other instances come late, or its clock is wrong'
  })),
  redis: Type.Unsafe<BackPlaneHealth>(Type.String({
    enum: ['ok', 'away', 'off'], description: 'What connects the instances; off: there is one only'
  })),
  clock: Type.Unsafe<'ok' | 'skewed'>(Type.String({
    enum: ['ok', 'skewed'], description: 'skewed: the machine\'s clock is over 5 s from the database\'s, whose time is used'
  }))
}, { additionalProperties: false, description: 'It can serve', examples: [{ status: 'ok', redis: 'off', clock: 'ok' }] })

/** How far the clock may be wrong, in ms; tokens are judged by it too. */
const maxSkew = 60_000

const metricsExample = `# HELP equilux_live_connections Live connections to this instance, authenticated or not yet
# TYPE equilux_live_connections gauge
equilux_live_connections{transport="websocket"} 2
equilux_live_connections{transport="sse"} 0
`

/** What operators and their machines ask. */
const operation: FastifyPluginAsyncTypebox = async app => {
  app.get('/health', {
    schema: {
      operationId: 'getHealth',
      summary: 'Is the process alive?',
      description: 'Answers without asking the database or anything else.',
      tags: ['operation'],
      response: { 200: StatusSchema }
    },
    logLevel: 'warn'
  }, async () => ({ status: 'ok' as const }))

  app.get('/ready', {
    schema: {
      operationId: 'getReadiness',
      summary: 'Can it serve?',
      description: 'Whether the table can be reached. Without Redis, or with a clock that is over 5 s from the database\'s, the ' +
        'server is degraded, but ready; not with one that is over 60 s from it. Costs half a request unit.',
      tags: ['operation'],
      response: { 200: ReadinessSchema, ...problemResponses('database_unavailable', 'clock_skewed', 'shutting_down') }
    },
    logLevel: 'warn'
  }, async () => {
    if (app.isDraining()) throw new ProblemError('shutting_down')
    await app.entities.entities.user.get({ userId: '~ready' }).go()
    const { isSkewed, ahead } = app.clock
    if (Math.abs(ahead) > maxSkew) throw new ProblemError('clock_skewed')
    const redis = app.backPlane.health
    const clock = isSkewed ? 'skewed' as const : 'ok' as const
    return { status: redis === 'away' || isSkewed ? 'degraded' as const : 'ok' as const, redis, clock }
  })

  app.get('/metrics', {
    schema: {
      operationId: 'getMetrics',
      summary: 'What is measured',
      description: 'In the text format of Prometheus. It asks no database. Users can\'t be told from it, but keep it from the ' +
        'public, at the load balancer.',
      tags: ['operation'],
      response: {
        200: { description: 'The metrics', content: { 'text/plain': { schema: Type.String(), example: metricsExample } } },
        ...problemResponses('internal_error', 'shutting_down')
      }
    },
    logLevel: 'warn'
  }, async (_request, reply) => {
    const text = await app.scrape()
    return reply.type(app.metrics.contentType).send(text)
  })

  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())

  let asyncApi: ReturnType<typeof asyncApiDocument> | undefined
  app.get('/asyncapi.json', { schema: { hide: true } }, async () => asyncApi ??= asyncApiDocument())
}

export default operation
