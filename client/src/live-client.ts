import { createApi, type ApiClient } from './api.js'
import { createCaller } from './caller.js'
import { Emitter } from './emitter.js'
import { ownError, type ChatError } from './errors.js'
import { createFeed } from './feed.js'
import type { LiveClientOptions, LiveEventMap, LiveState } from './live-client-options.js'
import { createConnection, type LiveConnection } from './live-connection.js'
import { checkOptions } from './options.js'
import { tellRead } from './tell-read.js'

/**
 * A user's live events, each message once and in order within its conversation, for as long as it takes: it reconnects,
 * resumes where it was, and fills gaps. Nothing of it throws or rejects but the constructor.
 */
export class LiveClient extends Emitter<LiveEventMap> {
  readonly #api: ApiClient
  readonly #connection: LiveConnection
  #invalid = 0

  /** @throws TypeError if an option is wrong */
  constructor (options: LiveClientOptions) {
    super()
    const given = checkOptions(options)
    const call = createCaller(given)
    const onMisfit = (detail: string) => {
      this.#invalid++
      this.emit('error', ownError('unexpected_frame', detail, { retryable: false }))
    }
    this.#api = createApi(call)
    this.#connection = createConnection({
      ...given,
      onEvent: event => {
        this.emit(event.type, event.data as never)
        this.emit('event', event)
      },
      onState: state => this.emit('state', state),
      onError: error => this.emit('error', error),
      onMisfit,
      arrange: createFeed({ call, onMisfit }, () => this.cursor)
    })
    this.on('error', given.onError)
  }

  /** How much was seen, the event being told of included: keep it, and give it as `since` to a later client. */
  get cursor (): string | undefined {
    return this.#connection.cursor
  }

  get state (): LiveState {
    return this.#connection.state
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
      this.#connection.start()
    })
  }

  /**
   * Connects at once rather than later, also after it was closed by what went wrong; a connection that seems alive has to show that it is. For
   * somebody who pushes a button, or an app that knows more than the browser.
   */
  reconnect (): void {
    this.#connection.reconnect()
  }

  /** Ends it for good. */
  close (): void {
    this.#connection.close()
  }

  /**
   * Says that everything up to `seq` in the conversation with a user is read, over whatever connection there is.
   * @returns what went wrong, if anything
   */
  read (userId: string, seq: number): Promise<ChatError | undefined> {
    return tellRead(this.#connection, this.#api, userId, seq)
  }

  /**
   * Tells a user that this one is typing.
   * @returns false if it couldn't be told: there is no connection, or only an event stream, or the server refused (which `error` tells)
   */
  typing (userId: string): Promise<boolean> {
    return this.#connection.tellTyping('typing', userId)
  }

  /**
   * Tells a user that this one stopped typing.
   * @returns as `typing` does
   */
  stopTyping (userId: string): Promise<boolean> {
    return this.#connection.tellTyping('stopTyping', userId)
  }
}
