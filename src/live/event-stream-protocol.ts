import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import type { FastifyBaseLogger } from 'fastify'
import type { Identity } from '../auth/identity.js'
import { ProblemError } from '../wire/problem-error.js'
import { EventStreamOutlet } from './event-stream-outlet.js'
import { follow, fullness, join, type Beginning, type JoiningContext } from './joining.js'
import { closeTimeout } from './websocket-outlet.js'

export interface EventStreamContext extends JoiningContext {
  /** After how long a stream ends by itself, in milliseconds. */
  maxDuration: number
  log: FastifyBaseLogger
}

/**
 * Opens a stream of Server-Sent Events for a user. It is the last answer on its connection.
 * @param socket what carries it: a reader that takes nothing for too long is cut
 * @returns the body of the response
 * @throws ProblemError invalid_cursor, shutting_down, connection_limit, too_many_connections, database_unavailable
 */
export async function openEventStream (socket: Socket, identity: Identity, beginning: Beginning, context: EventStreamContext): Promise<PassThrough> {
  const { since } = beginning
  const { cursors, hub, maxDuration, log } = context
  const from = since === undefined ? undefined : cursors.read(identity.userId, since)
  const full = fullness(hub)
  if (full !== undefined) throw full

  const body = new PassThrough()
  const client = new EventStreamOutlet(body, identity, hub.limits, maxDuration)
  hub.add(client)
  body.once('close', () => hub.remove(client))
  try {
    const feed = await join(client, identity, beginning, context)
    if (feed === undefined) {
      client.cut('too_many_connections')
      throw new ProblemError('too_many_connections')
    }
    follow(client, feed, from).catch(err => {
      log.error({ err }, 'a catch-up failed')
      client.cut('unavailable')
    })
  } catch (error) {
    client.cut('unavailable')
    throw error
  }
  // Between two heartbeats nothing is written.
  socket.setTimeout(hub.limits.heartbeat + hub.limits.heartbeatGrace)
  // At the end there is little left to be read, which some clients never do.
  body.once('close', () => socket.setTimeout(closeTimeout))
  return body
}
