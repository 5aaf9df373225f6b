import type { FastifyBaseLogger } from 'fastify'
import type { WebSocket } from 'ws'
import type { ClientFrame, ClientFrames, ServerFrame } from '../../schemas/events.js'
import { toProblemError } from '../database/faults.js'
import { ProblemError } from '../wire/problem-error.js'
import type { Identity } from '../auth/identity.js'
import { pairOf } from '../services/messaging/pair.js'
import type { Cursor } from '../services/catch-up/cursor.js'
import type { ReadPositions } from '../services/messaging/read-positions.js'
import { Connection } from './connection.js'
import { Feed, type FeedContext } from './feed.js'
import { decodeFrame, encodeFrame, type Decoded } from '../wire/frames.js'
import type { Hub } from '../hub/hub.js'
import type { Typing } from './typing.js'

export interface SessionContext extends FeedContext {
  hub: Hub
  typing: Typing
  readPositions: ReadPositions
  authenticate: (token: string) => Promise<Identity>
  log: FastifyBaseLogger
}

/**
 * Speaks the protocol with one client. Listeners are attached before this returns, so that no frame is lost; frames are
 * handled one after another.
 * @param socket the open WebSocket
 * @param opening who opened it, and since when something was missed, if the upgrade request said so
 */
export function openSession (socket: WebSocket, opening: { identity: Identity, since?: string } | undefined, context: SessionContext): void {
  const { hub, typing, readPositions, authenticate, log } = context
  const connection = new Connection(socket, hub.limits)
  let work: Promise<void> = Promise.resolve()
  let waiting = 0
  let feed: Feed | undefined

  hub.add(connection)
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!connection.isOpen) return
    connection.heard()
    if (isBinary) return connection.close('protocol_violation')
    const decoded = decodeFrame(data.toString())
    if (!connection.admit() || waiting >= hub.limits.frameBurst) {
      return refuse(new ProblemError('rate_limited', 'Too many frames'), decoded.id)
    }
    waiting++
    work = work.then(() => answer(decoded)).finally(() => waiting--)
  })
  socket.on('close', () => hub.remove(connection))
  if (opening !== undefined) work = join(opening.identity, opening.since).catch(err => log.error({ err }, 'a connection could not begin'))

  function send (frame: ServerFrame) {
    connection.send(encodeFrame(frame))
  }

  async function join (who: Identity, since?: string) {
    if (!connection.isOpen) return
    const from = since === undefined ? undefined : context.cursors.read(who.userId, since)
    feed = hub.join(connection, who, entered => new Feed(connection, who.userId, context, hub.tally, entered))
    if (feed === undefined) return connection.close('too_many_connections')
    try {
      const cursor = await feed.begin()
      send({
        type: 'connected',
        data: {
          userId: who.userId,
          serverTime: new Date().toISOString(),
          heartbeatSeconds: hub.limits.heartbeat / 1000,
          cursor: since ?? cursor
        }
      })
      if (from === undefined) feed.release()
      else await sendMissed(feed, from)
    } catch (error) {
      connection.close('unavailable')
      throw error
    }
  }

  async function answer (decoded: Decoded) {
    if ('refusal' in decoded) return refuse(decoded.refusal, decoded.id)
    await handle(decoded.frame).catch(error => fail(error, decoded.frame))
  }

  async function handle (frame: ClientFrame) {
    if (frame.type === 'auth') {
      await authenticateWith(frame.data)
    } else if (connection.identity === undefined) {
      throw new ProblemError('token_missing', 'The first frame must be auth')
    } else {
      await carryOut(frame, connection.identity.userId)
    }
    if (frame.id !== undefined) send({ type: 'ack', id: frame.id })
  }

  async function authenticateWith ({ token, since }: ClientFrames['auth']['data']) {
    const before = connection.identity
    const who = await authenticate(token)
    if (before === undefined) return await join(who, since)
    if (before.userId !== who.userId) throw new ProblemError('token_invalid', 'The token belongs to another user')
    connection.identity = who
  }

  async function carryOut (frame: Exclude<ClientFrame, { type: 'auth' }>, userId: string) {
    switch (frame.type) {
      case 'typing':
        pairOf(userId, frame.data.userId)
        // The client may have left while the frame waited; then nothing would end it before its time.
        if (connection.isOpen) await typing.start(userId, frame.data.userId)
        return
      case 'stopTyping':
        pairOf(userId, frame.data.userId)
        return typing.stop(userId, frame.data.userId)
      case 'resume':
        return await resume(userId, frame.data.since)
      case 'read':
        await readPositions.markRead(userId, frame.data.userId, frame.data.seq)
    }
  }

  async function resume (userId: string, since: string) {
    if (feed !== undefined) await sendMissed(feed, context.cursors.read(userId, since))
  }

  async function sendMissed (feed: Feed, since: Cursor) {
    const replayed = await feed.resume(since)
    send({ type: 'resumed', data: { cursor: feed.cursor, replayed } })
  }

  function refuse ({ code, message, retryable }: ProblemError, id?: string) {
    send({ type: 'error', id, data: { code, detail: message, retryable } })
  }

  function fail (error: unknown, frame: ClientFrame) {
    const problem = toProblemError(error)
    if (problem !== error) log.error({ err: error }, 'a frame failed')
    refuse(problem, frame.id)
    if (frame.type !== 'auth' || connection.identity !== undefined) return
    if (problem.statusCode === 401) connection.close('token_refused')
    else if (problem.statusCode >= 500) connection.close('unavailable')
  }
}
