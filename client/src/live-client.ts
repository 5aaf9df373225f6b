import { createApi, type ApiClient } from './api.js'
import { createCaller } from './caller.js'
import { Emitter } from './emitter.js'
import { ownError, type ChatError } from './errors.js'
import { openEventStream } from './event-stream-transport.js'
import { Feed } from './feed.js'
import { Lifeline } from './lifeline.js'
import type { LiveClientOptions, LiveEventMap, LiveState } from './live-client-options.js'
import { checkOptions, type Checked } from './options.js'
import { Session } from './session.js'
import { TokenKeeper } from './token.js'
import type { TransportName } from './transport.js'
import { openWebSocket, type WebSocketConstructor } from './websocket-transport.js'

/**
 * A user's live events, each message once and in order within its conversation, for as long as it takes: it reconnects,
 * resumes where it was, and fills gaps. Nothing of it throws or rejects but the constructor.
 */
export class LiveClient extends Emitter<LiveEventMap> {
  readonly #options: Checked<LiveClientOptions> & { connectTimeout: number, heartbeatGrace: number }
  readonly #tokens: TokenKeeper
  readonly #api: ApiClient
  readonly #feed: Feed
  readonly #lifeline: Lifeline
  readonly #webSocket: WebSocketConstructor | undefined
  #isEnded = false
  #invalid = 0

  /** @throws TypeError if an option is wrong */
  constructor (options: LiveClientOptions) {
    super()
    const given = this.#options = { connectTimeout: 10_000, heartbeatGrace: 8_000, ...checkOptions(options) }
    const call = createCaller(given)
    this.#tokens = TokenKeeper.of(given.token)
    this.#api = createApi(call)
    this.#feed = new Feed({
      call,
      since: given.since,
      onEvent: event => {
        this.emit(event.type, event.data as never)
        this.emit('event', event)
      },
      onLive: ({ connection: { name: transport } }, refreshed) => this.#lifeline.become({ status: 'live', transport, ...refreshed && { refreshed } }),
      onMisfit: detail => this.#leaveOut(detail)
    })
    this.#webSocket = given.transport === 'eventStream'
      ? undefined
      : given.WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
    this.#lifeline = new Lifeline({
      tokens: this.#tokens,
      backoff: given.backoff ?? { base: 500, cap: 30_000 },
      hasWebSocket: this.#webSocket !== undefined,
      open: (...how) => this.#open(...how),
      startAfresh: () => this.#feed.startAfresh(),
      onState: state => this.emit('state', state)
    })
    if (given.onError !== undefined) this.on('error', given.onError)
  }

  /** How much was seen, the event being told of included: keep it, and give it as `since` to a later client. */
  get cursor (): string | undefined {
    return this.#feed.cursor
  }

  get state (): LiveState {
    return this.#lifeline.state
  }

  /** How many frames and messages were left out because they didn't fit their schema. */
  get invalid (): number {
    return this.#invalid
  }

  /**
   * Connects, and stays connected until closed. Listen before, lest something be missed.
   * @returns resolves when it is live, or closed; it never rejects
   */
  async connect (): Promise<LiveState> {
    const isDecided = ({ status }: LiveState) => status === 'live' || status === 'closed'
    if (isDecided(this.state)) return this.state
    return await new Promise<LiveState>(resolve => {
      const off = this.on('state', state => {
        if (!isDecided(state)) return
        off()
        resolve(state)
      })
      this.#lifeline.start()
    })
  }

  /**
   * Connects at once rather than later, also after it was closed by what went wrong; a connection that seems alive has to show that it is. For
   * somebody who pushes a button, or an app that knows more than the browser.
   */
  reconnect (): void {
    if (!this.#isEnded) this.#lifeline.reconnect()
  }

  /** Ends it for good. */
  close (): void {
    this.#isEnded = true
    this.#lifeline.stop()
  }

  /**
   * Says that everything up to `seq` in the conversation with a user is read, over whatever connection there is.
   * @returns what went wrong, if anything
   */
  async read (userId: string, seq: number): Promise<ChatError | undefined> {
    const answer = await this.#lifeline.session?.ask({ type: 'read', data: { userId, seq } })
    if (typeof answer === 'object') return answer
    if (answer === true) return undefined
    return (await this.#api.POST('/api/messages/conversations/{userId}/read', { params: { path: { userId } }, body: { seq } })).error
  }

  /**
   * Tells a user that this one is typing.
   * @returns false if it couldn't be told: there is no connection, or only an event stream, or the server refused (which `error` tells)
   */
  async typing (userId: string): Promise<boolean> {
    return await this.#tellTyping('typing', userId)
  }

  /**
   * Tells a user that this one stopped typing.
   * @returns as `typing` does
   */
  async stopTyping (userId: string): Promise<boolean> {
    return await this.#tellTyping('stopTyping', userId)
  }

  async #tellTyping (type: 'typing' | 'stopTyping', userId: string): Promise<boolean> {
    const answer = await this.#lifeline.session?.ask({ type, data: { userId } }) ?? false
    if (typeof answer === 'object') this.emit('error', answer)
    return answer === true
  }

  #open (transport: TransportName, token: string, takeOver: boolean): Session {
    const since = this.#feed.cursor
    const WebSocket = this.#webSocket
    const session: Session = new Session({
      ...this.#options,
      token,
      tokens: this.#tokens,
      since,
      takeOver,
      open: opening => transport === 'webSocket' && WebSocket !== undefined ? openWebSocket(WebSocket, opening) : openEventStream(opening),
      onEvent: event => this.#feed.take(session, event, since),
      onMisfit: ({ detail }) => this.#leaveOut(detail),
      onError: error => this.emit('error', error)
    })
    return session
  }

  #leaveOut (detail: string) {
    this.#invalid++
    this.emit('error', ownError('unexpected_frame', detail, { retryable: false }))
  }
}
