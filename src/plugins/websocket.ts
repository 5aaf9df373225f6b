import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import websocket from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { closeTimeout } from '../live/websocket-outlet.js'
import { Trickle } from '../shared/trickle.js'
import { refuseConnection } from '../wire/framework-problems.js'

/** How many upgrades are dealt with in a turn of the event loop: a thousand at once must not hold up what others ask. */
const upgradesPerTurn = 1

/** WebSockets: frames are limited, not compressed, and connections end with a documented code. */
export default fp(async app => {
  const upgrades = new EventEmitter()
  const trickle = new Trickle(upgradesPerTurn)
  app.server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return ignoreUpgrade(app.server, request, socket, head)
    // Nobody else listens meanwhile.
    const ignore = () => {}
    socket.on('error', ignore)
    trickle.add(() => {
      socket.off('error', ignore)
      if (!socket.destroyed) upgrades.emit('upgrade', request, socket, head)
    })
  })

  const responses = closeAnswered(app)
  await app.register(websocket, {
    options: {
      // The plugin only listens to it for upgrades.
      server: upgrades as Server,
      maxPayload: app.hub.limits.frame,
      perMessageDeflate: false,
      // Unknown to @types/ws as yet.
      ...{ closeTimeout }
    },
    // The handler of a WebSocket failed.
    errorHandler (error, socket, request) {
      request.log.error({ err: error }, 'a WebSocket could not be served')
      socket.close(1011)
    },
    preClose (done) {
      // Without a listener, an upgrade is answered like every other request that comes too late.
      app.server.removeAllListeners('upgrade')
      app.hub.close('server_shutdown')
      // Everybody has left the hub before the hooks that wait for what leaving entails.
      app.websocketServer.close(() => done())
    }
  })
  // The socket would hold it for as long as the connection lasts, and with it the request and all that was made for it.
  app.websocketServer.on('connection', (_socket, request) => responses.get(request)?.detachSocket(request.socket))
  // A handshake that isn't one gets a problem too. The signature differs only in what comes after the socket.
  app.websocketServer.on('wsClientError', refuseConnection as never)
}, { name: 'websocket', dependencies: ['hub', 'errors'] })

/**
 * Ends the connections of upgrades that are answered, whoever answers them: Node has let go of the socket, and knows nothing
 * of the response that the plugin makes for the router. A granted upgrade has no response.
 * @returns the responses
 */
function closeAnswered (app: FastifyInstance): WeakMap<IncomingMessage, ServerResponse> {
  const responses = new WeakMap<IncomingMessage, ServerResponse>()
  const { routing } = app
  app.routing = (request, response) => {
    const { socket } = request
    response.shouldKeepAlive = false
    response.once('finish', () => socket.destroySoon())
    responses.set(request, response)
    routing(request, response)
  }
  return responses
}

/**
 * Serves a request as if it had not asked for another protocol (RFC 9110 section 7.8): Java's HTTP client and
 * `curl --http2` offer h2c with every request. Node hands all of these over as soon as it has a listener for upgrades.
 */
function ignoreUpgrade (server: Server, { method, url, rawHeaders }: IncomingMessage, socket: Duplex, head: Buffer) {
  let text = `${method} ${url} HTTP/1.1\r\n`
  for (let n = 0; n < rawHeaders.length; n += 2) {
    if (rawHeaders[n]?.toLowerCase() !== 'upgrade') text += `${rawHeaders[n]}: ${rawHeaders[n + 1]}\r\n`
  }
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
