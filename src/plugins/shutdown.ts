import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { ProblemError } from '../wire/problem-error.js'

/** How long a connection that came while the server closes may take to ask for something, in milliseconds. */
const patience = 500

declare module 'fastify' {
  interface FastifyInstance {
    /** Says by /ready and by `Connection: close` that the end is near; requests are still served until the server closes. */
    drain: () => void
    /** Whether the end is near. */
    isDraining: () => boolean
  }
}

/**
 * An orderly end: what is in progress is finished, what comes later is told to go elsewhere, and no connection holds the
 * server up.
 */
export default fp(async app => {
  let draining = false
  let closing = false
  const silent = new Set<Socket>()
  /** The listener of all sockets, until something was asked on them: connections are many, and last. */
  function forget (this: Socket) {
    if (silent.delete(this)) this.off('close', forget)
  }
  const heard = ({ socket }: IncomingMessage) => forget.call(socket)

  // Browsers and HTTP clients open connections in advance, which Node doesn't count as idle as nothing was asked on them.
  app.server.on('connection', socket => {
    silent.add(socket)
    socket.on('close', forget)
    // One that still came is told so if it asks, but isn't waited for.
    if (closing) setTimeout(() => { if (silent.has(socket)) socket.destroy() }, patience).unref()
  })
  app.server.on('request', heard)
  app.server.on('upgrade', heard)

  app.decorate('drain', () => { draining = true })
  app.decorate('isDraining', () => draining)
  app.addHook('onRequest', (_request, _reply, done) => {
    done(closing ? new ProblemError('shutting_down', undefined, { headers: { 'retry-after': '1' } }) : undefined)
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close')
    done()
  })
  app.addHook('preClose', async () => {
    draining = true
    closing = true
    setTimeout(() => { for (const socket of silent) socket.destroy() }, patience).unref()
  })
}, { name: 'shutdown' })
