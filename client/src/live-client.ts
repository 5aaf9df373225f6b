import { createClient, withoutSlash, type ApiClient } from './api.js'
import { Backoff } from './backoff.js'
import { Emitter } from './emitter.js'
import { LiveError } from './errors.js'
import { openEventStream } from './event-stream-transport.js'
import type { LiveEvent, ServerFrame } from './frames.js'
import { readHole } from './hole.js'
import type { LiveClientOptions, LiveEventMap, LiveState } from './live-client-options.js'
import { Session } from './session.js'
import { Timeline } from './timeline.js'
import { currentToken } from './token.js'
import type { Ending } from './transport.js'
import { TransportChoice } from './transport-choice.js'
import { openWebSocket, type WebSocketConstructor } from './websocket-transport.js'

/** From when on a connection counts as one that lasted, in milliseconds. */
const stable = 10_000

/**
 * A user's live events, each message once and in order within its conversation, for as long as it takes: it reconnects,
 * resumes where it was, and fills gaps.
 */
export class LiveClient extends Emitter<LiveEventMap> {
  readonly #options: Required<Omit<LiveClientOptions, 'since' | 'WebSocket' | 'transport'>>
  readonly #api: ApiClient
  readonly #backoff: Backoff
  readonly #transports: TransportChoice
  readonly #webSocket: WebSocketConstructor | undefined
  #timeline = this.#startTimeline()
  #userId = ''
  #cursor: string | undefined
  /** Whether the cursor was given up since it was live the last time. */
  #isRefreshed = false
  #state: LiveState = { status: 'waiting' }
  #session: Session | undefined
  #refusals = 0
  #wake: () => void = () => {}
  #connecting: Promise<void> | undefined
  /** Frames are handled one after another: one may wait for what it overtook. */
  #work: Promise<void> = Promise.resolve()

  constructor ({ since, WebSocket, transport = 'auto', ...options }: LiveClientOptions) {
    super()
    this.#options = {
      backoff: { base: 500, cap: 30_000 }, connectTimeout: 10_000, heartbeatGrace: 10_000, ...options, baseUrl: withoutSlash(options.baseUrl)
    }
    this.#cursor = since
    this.#api = createClient({ baseUrl: this.#options.baseUrl, token: this.#options.token })
    this.#backoff = new Backoff(this.#options.backoff)
    this.#webSocket = transport === 'eventStream' ? undefined : WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
    this.#transports = new TransportChoice(this.#webSocket !== undefined)
  }

  /** How much was seen, the event being told of included: keep it, and give it as `since` to a later client. */
  get cursor (): string | undefined {
    return this.#cursor
  }

  get state (): LiveState {
    return this.#state
  }

  /**
   * Connects, and stays connected until closed. Listen before, lest something be missed.
   * @returns resolves when it is live for the first time
   * @throws LiveError when it never will be
   */
  async connect (): Promise<void> {
    this.#connecting ??= new Promise<void>((resolve, reject) => {
      const off = this.on('state', ({ status, error }) => {
        if (status === 'live') resolve()
        else if (status === 'closed') reject(error ?? new LiveError('closed', 'The client was closed'))
        else return
        off()
      })
      if (this.#isClosed) reject(new LiveError('closed', 'The client was closed'))
      else this.#run()
    })
    await this.#connecting
  }

  /** Ends it for good. */
  close (): void {
    this.#stop()
  }

  /**
   * Says that everything up to `seq` in the conversation with a user is read, over whatever connection there is.
   * @throws LiveError what the server refused
   */
  async read (userId: string, seq: number): Promise<void> {
    if (await this.#ask({ type: 'read', data: { userId, seq } })) return
    const { error } = await this.#api.POST('/api/messages/conversations/{userId}/read', { params: { path: { userId } }, body: { seq } })
    if (error !== undefined) throw new LiveError(error.code, error.detail ?? error.title)
  }

  /**
   * Tells a user that this one is typing.
   * @returns false if it couldn't be told: there is no connection, or only an event stream
   */
  async typing (userId: string): Promise<boolean> {
    return await this.#ask({ type: 'typing', data: { userId } })
  }

  /**
   * Tells a user that this one stopped typing.
   * @returns as `typing` does
   */
  async stopTyping (userId: string): Promise<boolean> {
    return await this.#ask({ type: 'stopTyping', data: { userId } })
  }

  async #ask (frame: Parameters<Session['ask']>[0]): Promise<boolean> {
    return await this.#session?.ask(frame) ?? false
  }

  #startTimeline (): Timeline {
    return new Timeline({
      read: (message, hole) => readHole(this.#api, message.senderId === this.#userId ? message.receiverId : message.senderId, hole),
      deliver: event => this.#tell(event, event.cursor)
    })
  }

  get #isClosed (): boolean {
    return this.#state.status === 'closed'
  }

  async #run () {
    while (!this.#isClosed) {
      const openedAt = Date.now()
      const ending = await this.#connectOnce()
      if (this.#isClosed) return
      const error = new LiveError(ending.code, ending.detail, { cause: ending.cause })
      if (ending.code === 'invalid_cursor' && this.#cursor !== undefined) this.#startAfresh()
      else if (!this.#isWorthRetrying(ending)) return this.#stop(error)
      this.#become({ status: 'waiting', error })
      if (Date.now() - openedAt >= stable) this.#backoff.reset()
      await this.#pause((ending.delay ?? 0) + this.#backoff.next())
    }
  }

  #isWorthRetrying ({ retry }: Ending): boolean {
    // A token that was refused may have been replaced meanwhile; the one after it is not going to be better.
    return retry === 'reconnect' || (retry === 'token' && typeof this.#options.token === 'function' && ++this.#refusals === 1)
  }

  // The server may not only have other secrets: after it has gone back in time, other messages bear the positions seen.
  #startAfresh () {
    this.#cursor = undefined
    this.#isRefreshed = true
    this.#timeline = this.#startTimeline()
  }

  async #connectOnce (): Promise<Ending> {
    const transport = this.#transports.next()
    this.#become({ status: 'connecting', transport })
    let token: string
    try {
      token = await currentToken(this.#options.token)
    } catch (cause) {
      return { code: 'token_unavailable', detail: 'No token could be got', retry: 'reconnect', cause }
    }
    if (this.#isClosed) return { code: 'closed', detail: 'The client was closed', retry: 'never' }
    const since = this.#cursor
    const { baseUrl, token: tokens, connectTimeout, heartbeatGrace } = this.#options
    const session: Session = new Session({
      baseUrl,
      token,
      tokens,
      since,
      connectTimeout,
      heartbeatGrace,
      open: opening => transport === 'webSocket' && this.#webSocket !== undefined
        ? openWebSocket(this.#webSocket, opening)
        : openEventStream(opening),
      onFrame: frame => this.#enqueue(session, frame, since),
      onError: error => this.emit('error', error)
    })
    this.#session = session
    const ending = await session.ended
    this.#session = undefined
    this.#transports.note(transport, session.isConnected, ending)
    return ending
  }

  #enqueue (session: Session, frame: ServerFrame, since: string | undefined) {
    this.#work = this.#work.then(async () => {
      // What comes after the end is in the next connection's catch-up.
      if (session.isOpen) await this.#take(session, frame, since)
    }).catch((cause: unknown) => session.end({ code: 'gap', detail: 'What was missed could not be read', retry: 'reconnect', cause }))
  }

  async #take (session: Session, frame: ServerFrame, since: string | undefined) {
    switch (frame.type) {
      case 'newMessage':
      case 'tradeResponse':
        return await this.#timeline.take(frame, this.#cursor ?? frame.cursor, () => session.isOpen)
      case 'connected':
        this.#userId = frame.data.userId
        this.#refusals = 0
        this.#tell(frame, frame.data.cursor)
        if (since === undefined) this.#goLive(session)
        return
      case 'resumed':
        this.#tell(frame, frame.data.cursor)
        return this.#goLive(session)
      case 'tradeExpiring':
      case 'typing':
      case 'stopTyping':
      case 'read':
      case 'presence':
        this.#tell(frame)
    }
  }

  #tell (event: LiveEvent, cursor = this.#cursor) {
    this.#cursor = cursor
    this.emit(event.type, event.data as never)
    this.emit('event', event)
  }

  #goLive ({ connection: { name: transport } }: Session) {
    const refreshed = this.#isRefreshed
    this.#isRefreshed = false
    this.#become({ status: 'live', transport, ...refreshed && { refreshed } })
  }

  #become (state: LiveState) {
    this.#state = state
    this.emit('state', state)
  }

  #stop (error?: LiveError) {
    if (this.#isClosed) return
    this.#become({ status: 'closed', error })
    this.#session?.end({ code: 'closed', detail: 'The client was closed', retry: 'never' })
    this.#wake()
  }

  async #pause (ms: number) {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
