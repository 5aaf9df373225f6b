import { Type } from '@fastify/type-provider-typebox'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { CursorSchema } from '../../schemas/common.js'
import { problemResponses } from '../../schemas/problem.js'
import type { Identity } from '../auth/identity.js'
import { framesDescription, webSocketDescription } from '../documents/asyncapi/descriptions.js'
import { ProblemError } from '../wire/problem-error.js'
import { isUnproven } from '../auth/token-problem.js'
import { requestLine } from '../observability/request-log.js'
import { Newcomers } from '../hub/newcomers.js'
import { fullness } from '../live/joining.js'
import { addressKey } from '../shared/address.js'
import { speakWebSocket } from '../live/websocket-protocol.js'

const example = `\
\`\`\`js
const socket = new WebSocket('ws://localhost:8080/api/ws')
socket.onopen = () => socket.send(JSON.stringify({ type: 'auth', data: { token } }))
socket.onmessage = ({ data }) => console.log(JSON.parse(data))
socket.onclose = ({ code, reason }) => console.log(code, reason)
\`\`\``

/** Live events over a raw WebSocket. */
const webSocket: FastifyPluginAsync = async app => {
  const { hub, joining, services: { cursors, readPositions, users } } = app
  const context = {
    ...joining,
    typing: app.typing,
    readPositions,
    async authenticate (token: string) {
      const identity = await app.authenticate(token)
      await users.touch(identity)
      return identity
    },
    countUser: app.countUser,
    defaultLocale: app.config.DEFAULT_LOCALE,
    log: app.log
  }

  const newcomers = new Newcomers(hub.limits.newcomersPerAddress)

  function crowd (request: FastifyRequest): ProblemError | undefined {
    if (request.headers.authorization !== undefined || newcomers.hasRoom(addressKey(request.ip))) return undefined
    // By then all that are open now have authenticated or are closed.
    const retryAfter = String(Math.ceil(hub.limits.authentication / 1000))
    return new ProblemError('rate_limited', 'connections_waiting', { headers: { 'retry-after': retryAfter } })
  }

  /** Counts a connection to its address until its client has authenticated, and for a minute if that never happens. */
  function watch (socket: WebSocket, address: string): (token: string) => Promise<Identity> {
    const leave = newcomers.enter(address)
    let isBlameless = false
    socket.once('close', () => {
      leave()
      if (!isBlameless && !hub.isClosed) app.countFailedUpgrade(address).catch(err => app.log.warn({ err }, 'a failed upgrade was not counted'))
    })
    return async token => {
      try {
        const identity = await context.authenticate(token)
        isBlameless = true
        leave()
        return identity
      } catch (error) {
        // That a genuine token has expired, or that the database is away, is nobody's guessing.
        if (!isUnproven(error)) isBlameless = true
        throw error
      }
    }
  }

  async function authenticateUpgrade (request: FastifyRequest, reply: FastifyReply) {
    if (request.headers.authorization === undefined) return await app.limitUpgrade(request)
    await app.requireUser(request, reply)
    await users.touch(request.identity)
    const since = lastEventId(request)
    if (since !== undefined) cursors.read(request.identity.userId, since)
  }

  app.route({
    method: 'GET',
    url: '/ws',
    schema: {
      operationId: 'openWebSocket',
      summary: 'Open the WebSocket for live events',
      description: `A page can't try it out here; this does it in a browser's console:\n\n${example}\n\n${webSocketDescription}\n${framesDescription}\n` +
        'The schemas of the frames are in the [AsyncAPI document](/asyncapi.json).',
      tags: ['live'],
      security: [{ token: [] }, {}],
      headers: Type.Object({ 'last-event-id': Type.Optional(CursorSchema) }),
      response: {
        101: { description: 'Switching to WebSocket', type: 'null' },
        // RFC 6455 section 4.1: a handshake may fail with any status.
        default: { description: 'The handshake failed for a reason of something between the client and the server', type: 'null' },
        ...problemResponses(
          'validation_failed', 'invalid_cursor', 'token_missing', 'token_invalid', 'token_expired', 'token_not_active', 'origin_not_allowed',
          'upgrade_required', 'rate_limited', 'internal_error', 'connection_limit', 'shutting_down', 'keys_unavailable',
          'database_unavailable'
        )
      }
    },
    async onRequest (request, reply) {
      app.checkOrigin(request.headers.origin)
      if (!request.ws) return
      if (request.headers['sec-websocket-version'] !== '13') throw upgradeRequired()
      const full = fullness(hub)
      if (full !== undefined) throw full
      await authenticateUpgrade(request, reply)
    },
    // Asked again because the hook above waits, and without a promise: nothing comes between this and the upgrade.
    preHandler (request, _reply, done) {
      done(request.ws ? fullness(hub) ?? crowd(request) : undefined)
    },
    handler: async () => { throw upgradeRequired() },
    wsHandler (socket, request) {
      request.log.info(requestLine(request, 101), 'WebSocket opened')
      const { id: reqId, identity, askedLocale: locale, headers, raw: { socket: stream } } = request
      if (headers.authorization === undefined) speakWebSocket(socket, stream, { reqId, locale }, { ...context, authenticate: watch(socket, addressKey(request.ip)) })
      else speakWebSocket(socket, stream, { reqId, identity, since: lastEventId(request), locale }, context)
    }
  })
}

function lastEventId ({ headers }: FastifyRequest): string | undefined {
  const { 'last-event-id': id } = headers
  return typeof id === 'string' ? id : undefined
}

function upgradeRequired (): ProblemError {
  // RFC 9110 section 15.5.22, RFC 6455 section 4.2.2.
  const headers = { upgrade: 'websocket', connection: 'upgrade', 'sec-websocket-version': '13' }
  return new ProblemError('upgrade_required', undefined, { headers })
}

export default webSocket
