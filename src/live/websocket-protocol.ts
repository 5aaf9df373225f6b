import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { WebSocket } from 'ws'
import type { ClientFrame, ClientFrames } from '../../schemas/events.js'
import type { Locale } from '../../schemas/locales.js'
import { toProblemError } from '../database/faults.js'
import { matchLocale } from '../locales/match-locale.js'
import { ProblemError } from '../wire/problem-error.js'
import type { Identity } from '../auth/identity.js'
import { pairOf } from '../services/messaging/pair.js'
import type { ReadPositions } from '../services/messaging/read-positions.js'
import { decodeFrame, type Decoded } from '../wire/client-frames.js'
import type { Feed } from './feed.js'
import { follow, join, type Beginning, type JoiningContext } from './joining.js'
import { Pace } from './pace.js'
import { WebSocketOutlet } from './websocket-outlet.js'
import type { Typing } from './typing.js'

const nothing = Promise.resolve()

export interface WebSocketContext extends JoiningContext {
  /** The language of refusals where nobody asks for one. */
  defaultLocale: Locale
  typing: Typing
  readPositions: ReadPositions
  authenticate: (token: string) => Promise<Identity>
  /** Counts a frame among what its user may ask for in a minute. */
  countUser: (userId: string) => Promise<{ isAllowed: boolean }>
  log: FastifyBaseLogger
}

/** What the upgrade request said. */
export interface Opening {
  reqId: string
  /** Who opened it, where the request says so. */
  identity?: Identity
  /** Since when something was missed, as a cursor. */
  since?: string
  /** The language that was asked for. */
  locale?: Locale
}

/**
 * Speaks the protocol with one client. Listeners are attached before this returns, so that no frame is lost; frames are
 * handled one after another.
 * @param socket the open WebSocket
 * @param stream what carries it
 */
export function speakWebSocket (socket: WebSocket, stream: Writable, opening: Opening, context: WebSocketContext): void {
  const dialogue = new Dialogue(socket, stream, opening, context)
  const { identity, since } = opening
  if (identity !== undefined) dialogue.open(identity, since)
}

const dialogue = Symbol('dialogue')

/** A WebSocket with who speaks to its client. */
type Spoken = WebSocket & { [dialogue]?: Dialogue }

/** The listeners of all connections: with functions of its own each would hold twice as much. */
const listeners: { [event: string]: (this: Spoken, ...args: never[]) => void } = {
  message (data: Buffer, isBinary: boolean) { this[dialogue]?.take(data, isBinary) },
  ping () { this[dialogue]?.connection.control() },
  pong () { this[dialogue]?.connection.control() },
  error (error: NodeJS.ErrnoException) { this[dialogue]?.fail(error) },
  close () { this[dialogue]?.end() }
}

/** A class, so that a connection holds its state and no functions of its own. */
class Dialogue {
  readonly connection: WebSocketOutlet
  #work = nothing
  #waiting = 0
  #waitingResumes = 0
  #pace: Pace | undefined
  #feed: Feed | undefined
  readonly #reqId: string
  #locale: Locale | undefined

  constructor (socket: Spoken, stream: Writable, { reqId, locale }: Opening, private readonly context: WebSocketContext) {
    this.#reqId = reqId
    this.#locale = locale
    this.connection = new WebSocketOutlet(socket, stream, context.hub.limits)
    context.hub.add(this.connection)
    socket[dialogue] = this
    // The plugin's listener would hold the request, and all that was made for it, for as long as the connection lasts.
    socket.removeAllListeners('error')
    for (const event in listeners) socket.on(event, listeners[event] as () => void)
  }

  /** Begins with a user whom the upgrade request has authenticated. */
  open (identity: Identity, since?: string): void {
    this.#work = this.#begin(identity, { since }).catch(err => this.context.log.error({ err }, 'a connection could not begin'))
  }

  /** Takes what the client sent. */
  take (data: Buffer, isBinary: boolean): void {
    const connection = this.connection
    if (!connection.isOpen) return
    connection.heard()
    if (isBinary) return connection.close('protocol_violation')
    const decoded = decodeFrame(data.toString())
    if (!connection.admit() || this.#waiting >= this.context.hub.limits.frameBurst) {
      return this.#refuse(new ProblemError('rate_limited', 'frames'), decoded.id)
    }
    const resumes = 'frame' in decoded && decoded.frame.type === 'resume' ? 1 : 0
    this.#waiting++
    this.#waitingResumes += resumes
    this.#work = this.#work.then(async () => await this.#answer(decoded)).finally(() => {
      this.#waiting--
      this.#waitingResumes -= resumes
    })
  }

  /** The connection failed. */
  fail (err: Error): void {
    this.context.log.info({ reqId: this.#reqId, err }, 'a WebSocket failed')
    this.connection.fail(err)
  }

  /** The connection is gone. */
  end (): void {
    this.context.hub.remove(this.connection)
  }

  async #begin (who: Identity, beginning: Beginning) {
    const connection = this.connection
    if (!connection.isOpen) return
    const { since } = beginning
    const from = since === undefined ? undefined : this.context.cursors.read(who.userId, since)
    try {
      const feed = this.#feed = await join(connection, who, beginning, this.context)
      if (feed === undefined) return connection.close('too_many_connections')
      if (from !== undefined) this.#resumes.take()
      await follow(connection, feed, from)
    } catch (error) {
      connection.close('unavailable')
      throw error
    }
  }

  async #answer (decoded: Decoded) {
    const { identity } = this.connection
    const isPong = 'frame' in decoded && decoded.frame.type === 'pong'
    if (identity !== undefined && !isPong && !(await this.context.countUser(identity.userId)).isAllowed) {
      return this.#refuse(new ProblemError('rate_limited', 'requests_and_frames'), decoded.id)
    }
    if ('refusal' in decoded) return this.#refuse(decoded.refusal, decoded.id)
    await this.#handle(decoded.frame).catch(error => this.#fail(error, decoded.frame))
  }

  async #handle (frame: ClientFrame) {
    const connection = this.connection
    if (frame.type === 'auth') {
      await this.#authenticate(frame.data)
    } else if (connection.identity === undefined) {
      throw new ProblemError('token_missing', 'auth_first')
    } else {
      await this.#carryOut(frame, connection.identity.userId)
    }
    if (frame.id !== undefined) connection.tell({ type: 'ack', id: frame.id })
  }

  async #authenticate ({ token, locale, ...beginning }: ClientFrames['auth']['data']) {
    const connection = this.connection
    if (locale !== undefined) this.#locale = matchLocale([locale]) ?? this.#locale
    const before = connection.identity
    const who = await this.context.authenticate(token)
    if (before === undefined) return await this.#begin(who, beginning)
    if (before.userId !== who.userId) throw new ProblemError('token_invalid', 'token_of_another')
    connection.identity = who
  }

  async #carryOut (frame: Exclude<ClientFrame, { type: 'auth' }>, userId: string) {
    const { typing, readPositions } = this.context
    switch (frame.type) {
      case 'typing':
        pairOf(userId, frame.data.userId)
        // The client may have left while the frame waited; then nothing would end it before its time.
        if (this.connection.isOpen) await typing.start(userId, frame.data.userId)
        return
      case 'stopTyping':
        pairOf(userId, frame.data.userId)
        return typing.stop(userId, frame.data.userId)
      case 'resume':
        return await this.#resume(userId, frame.data.since)
      case 'read':
        await readPositions.markRead(userId, frame.data.userId, frame.data.seq)
    }
  }

  /** One that reads waits for its turn, and what comes behind it waits too; of several only the last one does. */
  async #resume (userId: string, since: string) {
    const feed = this.#feed
    if (feed === undefined) return
    const from = this.context.cursors.read(userId, since)
    if (!feed.covers(from)) {
      const pace = this.#resumes
      if (pace.delay > 0 && this.#waitingResumes > 1) throw new ProblemError('rate_limited', 'resumes')
      if (pace.delay > 0) await sleep(pace.delay, undefined, { ref: false })
      if (!this.connection.isOpen) return
      pace.take()
    }
    await follow(this.connection, feed, from)
  }

  get #resumes (): Pace {
    const { resumeBurst, resumeInterval } = this.context.hub.limits
    return this.#pace ??= new Pace(resumeBurst, resumeInterval)
  }

  #refuse (problem: ProblemError, id?: string) {
    const { code, retryable } = problem
    const connection = this.connection
    const locale = this.#locale ?? connection.identity?.locale ?? this.context.defaultLocale
    connection.tell({ type: 'error', id, data: { code, ...problem.in(locale), retryable } })
  }

  #fail (error: unknown, frame: ClientFrame) {
    const problem = toProblemError(error)
    if (problem !== error) this.context.log.error({ err: error }, 'a frame failed')
    this.#refuse(problem, frame.id)
    if (frame.type !== 'auth' || this.connection.identity !== undefined) return
    if (problem.statusCode === 401) this.connection.close('token_refused')
    else if (problem.statusCode >= 500) this.connection.close('unavailable')
  }
}
