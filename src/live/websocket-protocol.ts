import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { WebSocket } from 'ws'
import type { ClientFrame, ClientFrames } from '../../schemas/events.js'
import { toProblemError } from '../database/faults.js'
import { ProblemError } from '../wire/problem-error.js'
import type { Identity } from '../auth/identity.js'
import { pairOf } from '../services/messaging/pair.js'
import type { ReadPositions } from '../services/messaging/read-positions.js'
import { decodeFrame, type Decoded } from '../wire/client-frames.js'
import type { Feed } from './feed.js'
import { follow, join, type JoiningContext } from './joining.js'
import { Pace } from './pace.js'
import { WebSocketOutlet } from './websocket-outlet.js'
import type { Typing } from './typing.js'

export interface WebSocketContext extends JoiningContext {
  typing: Typing
  readPositions: ReadPositions
  authenticate: (token: string) => Promise<Identity>
  /** Counts a frame among what its user may ask for in a minute. */
  countUser: (userId: string) => Promise<{ isAllowed: boolean }>
  log: FastifyBaseLogger
}

/**
 * Speaks the protocol with one client. Listeners are attached before this returns, so that no frame is lost; frames are
 * handled one after another.
 * @param socket the open WebSocket
 * @param opening who opened it, and since when something was missed, if the upgrade request said so
 */
export function speakWebSocket (socket: WebSocket, opening: { identity: Identity, since?: string } | undefined, context: WebSocketContext): void {
  const { hub, typing, readPositions, authenticate, countUser, cursors, log } = context
  const connection = new WebSocketOutlet(socket, hub.limits)
  let work: Promise<void> = Promise.resolve()
  let waiting = 0
  const pace = new Pace(hub.limits.resumeBurst, hub.limits.resumeInterval)
  let waitingResumes = 0
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
    const resumes = 'frame' in decoded && decoded.frame.type === 'resume' ? 1 : 0
    waiting++
    waitingResumes += resumes
    work = work.then(() => answer(decoded)).finally(() => {
      waiting--
      waitingResumes -= resumes
    })
  })
  socket.on('close', () => hub.remove(connection))
  if (opening !== undefined) work = begin(opening.identity, opening.since).catch(err => log.error({ err }, 'a connection could not begin'))

  async function begin (who: Identity, since?: string) {
    if (!connection.isOpen) return
    const from = since === undefined ? undefined : cursors.read(who.userId, since)
    try {
      feed = await join(connection, who, since, context)
      if (feed === undefined) return connection.close('too_many_connections')
      if (from !== undefined) pace.take()
      await follow(connection, feed, from)
    } catch (error) {
      connection.close('unavailable')
      throw error
    }
  }

  async function answer (decoded: Decoded) {
    const { identity } = connection
    const isPong = 'frame' in decoded && decoded.frame.type === 'pong'
    if (identity !== undefined && !isPong && !(await countUser(identity.userId)).isAllowed) {
      return refuse(new ProblemError('rate_limited', 'Too many requests and frames in a minute'), decoded.id)
    }
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
    if (frame.id !== undefined) connection.tell({ type: 'ack', id: frame.id })
  }

  async function authenticateWith ({ token, since }: ClientFrames['auth']['data']) {
    const before = connection.identity
    const who = await authenticate(token)
    if (before === undefined) return await begin(who, since)
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

  /** One that reads waits for its turn, and what comes behind it waits too; of several only the last one does. */
  async function resume (userId: string, since: string) {
    if (feed === undefined) return
    const from = cursors.read(userId, since)
    if (!feed.covers(from)) {
      if (pace.delay > 0 && waitingResumes > 1) throw new ProblemError('rate_limited', 'Too many resumes')
      if (pace.delay > 0) await sleep(pace.delay, undefined, { ref: false })
      if (!connection.isOpen) return
      pace.take()
    }
    await follow(connection, feed, from)
  }

  function refuse ({ code, message, retryable }: ProblemError, id?: string) {
    connection.tell({ type: 'error', id, data: { code, detail: message, retryable } })
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
