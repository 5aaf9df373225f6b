import type { PassThrough } from 'node:stream'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CursorSchema } from '../../schemas/common.js'
import { serverFrameSchemas, socketOnlyFrames, streamOnlySchemas } from '../../schemas/events.js'
import { streamDescription } from '../documents/asyncapi/descriptions.js'
import { openEventStream } from '../live/event-stream-protocol.js'
import { tokenRequired, userProblems } from './responses.js'

/** What the stream consists of; documents have no word for a sequence, so that this is one of its events. */
const StreamEventSchema = Type.Unsafe<PassThrough>(Type.Object({
  event: Type.String({
    enum: Object.keys({ ...serverFrameSchemas, ...streamOnlySchemas }).filter(type => !socketOnlyFrames.has(type)), description: 'The type'
  }),
  id: Type.Optional(CursorSchema),
  data: Type.String({ contentMediaType: 'application/json', description: 'The `data` of the WebSocket\'s frame of this type' })
}, {
  additionalProperties: false,
  description: 'An event of the stream',
  examples: [{ event: 'typing', data: '{"userId":"bob"}' }]
}))

/** What else is in the query is let pass: some who read streams in browsers add to it what they have no header for. */
const QuerySchema = Type.Object({
  takeOver: Type.Optional(Type.Boolean({ description: 'Where the user has too many connections, the oldest on this instance gives way' }))
})

/** Live events as Server-Sent Events, for hosts that pass no WebSocket. */
const events: FastifyPluginAsyncTypebox = async app => {
  const maxDuration = app.config.SSE_MAX_SECONDS * 1000

  app.get('/events', {
    // It would open a stream that nobody reads.
    exposeHeadRoute: false,
    schema: {
      operationId: 'streamEvents',
      summary: 'Live events as a stream',
      description: `${streamDescription}\nThe events are those frames of the [WebSocket](#/live/openWebSocket) that the server sends, without ` +
        `${[...socketOnlyFrames].map(type => `\`${type}\``).join(', ')}, and \`closed\`; their schemas are in the [AsyncAPI document](/asyncapi.json).`,
      tags: ['live'],
      security: tokenRequired,
      querystring: QuerySchema,
      headers: Type.Object({ 'last-event-id': Type.Optional(CursorSchema) }),
      response: {
        200: { description: 'The stream', content: { 'text/event-stream': { schema: StreamEventSchema } } },
        ...userProblems('invalid_cursor', 'too_many_connections', 'connection_limit', 'shutting_down')
      }
    }
  }, async (request, reply) => {
    const { headers: { 'last-event-id': since }, query: { takeOver }, identity, log, raw: { socket } } = request
    const body = await openEventStream(socket, identity, { since, takeOver }, { ...app.joining, maxDuration, log })
    return reply
      // A stream is the last answer on its connection: a client that pools connections must not put a request on it as it ends.
      .headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'close' })
      .type('text/event-stream')
      .send(body)
  })
}

export default events
