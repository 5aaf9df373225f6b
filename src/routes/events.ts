import { PassThrough } from 'node:stream'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CursorSchema } from '../../schemas/common.js'
import { serverFrameSchemas, socketOnlyFrames } from '../../schemas/events.js'
import { streamDescription } from '../documents/asyncapi/descriptions.js'
import { ProblemError } from '../wire/problem-error.js'
import { closeTimeout } from '../live/connection.js'
import { encodeData } from '../wire/live-event.js'
import { Feed } from '../live/feed.js'
import { SseStream } from '../live/event-stream.js'
import { tokenRequired, userProblems } from './responses.js'

/** What the stream consists of; documents have no word for a sequence, so that this is one of its events. */
const StreamEventSchema = Type.Unsafe<PassThrough>(Type.Object({
  event: Type.String({
    enum: Object.keys(serverFrameSchemas).filter(type => !socketOnlyFrames.has(type)), description: 'The type'
  }),
  id: Type.Optional(CursorSchema),
  data: Type.String({ contentMediaType: 'application/json', description: 'The `data` of the WebSocket\'s frame of this type' })
}, {
  additionalProperties: false,
  description: 'An event of the stream',
  examples: [{ event: 'typing', data: '{"userId":"bob"}' }]
}))

/** Live events as Server-Sent Events, for hosts that pass no WebSocket. */
const events: FastifyPluginAsyncTypebox = async app => {
  const { hub, services: { catchUp, cursors } } = app
  const maxDuration = app.config.SSE_MAX_SECONDS * 1000

  app.get('/events', {
    // It would open a stream that nobody reads.
    exposeHeadRoute: false,
    schema: {
      operationId: 'streamEvents',
      summary: 'Live events as a stream',
      description: `${streamDescription}\nThe events are those frames of the [WebSocket](#/live/openWebSocket) that the server sends, without ` +
        `${[...socketOnlyFrames].map(type => `\`${type}\``).join(', ')}; their schemas are in the [AsyncAPI document](/asyncapi.json).`,
      tags: ['live'],
      security: tokenRequired,
      headers: Type.Object({ 'last-event-id': Type.Optional(CursorSchema) }),
      response: {
        200: { description: 'The stream', content: { 'text/event-stream': { schema: StreamEventSchema } } },
        ...userProblems('invalid_cursor', 'too_many_connections', 'connection_limit', 'shutting_down')
      }
    }
  }, async (request, reply) => {
    const { identity, headers: { 'last-event-id': lastEventId } } = request
    const { userId } = identity
    const since = lastEventId === undefined ? undefined : cursors.read(userId, lastEventId)
    if (hub.isClosed) throw new ProblemError('shutting_down', undefined, { headers: { 'retry-after': '1' } })
    if (!hub.hasRoom) throw new ProblemError('connection_limit', undefined, { headers: { 'retry-after': '5' } })

    const body = new PassThrough()
    const stream = new SseStream(body, identity, hub.limits, maxDuration)
    hub.add(stream)
    body.once('close', () => hub.remove(stream))
    const feed = hub.join(stream, identity, entered => new Feed(stream, userId, { catchUp, cursors }, hub.tally, entered))
    if (feed === undefined) {
      stream.cut('too_many_connections')
      throw new ProblemError('too_many_connections')
    }
    try {
      const cursor = await feed.begin()
      stream.sendEvent({
        type: 'connected',
        data: encodeData('connected', {
          userId, serverTime: new Date().toISOString(), heartbeatSeconds: hub.limits.heartbeat / 1000, cursor
        })
      }, since === undefined ? cursor : lastEventId)
    } catch (error) {
      stream.cut('unavailable')
      throw error
    }
    const { socket } = request.raw
    const { heartbeat, heartbeatGrace } = hub.limits
    // A reader that takes nothing is cut; between two heartbeats nothing is written.
    socket.setTimeout(heartbeat + heartbeatGrace)
    // At the end there is little left to be read, which some clients never do.
    body.once('close', () => { if (!reply.raw.writableFinished) socket.setTimeout(closeTimeout) })
    const resumed = since === undefined
      ? Promise.resolve(feed.release())
      : feed.resume(since).then(replayed => {
        stream.sendEvent({ type: 'resumed', data: encodeData('resumed', { cursor: feed.cursor, replayed }) }, feed.cursor)
      })
    resumed.catch(err => {
      request.log.error({ err }, 'a catch-up failed')
      stream.cut('unavailable')
    })
    return reply
      // A stream is the last answer on its connection: a client that pools connections must not put a request on it as it ends.
      .headers({ 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no', connection: 'close' })
      .type('text/event-stream')
      .send(body)
  })
}

export default events
