import { LiveError } from './errors.js'
import type { ClientFrame, ServerFrame } from './frames.js'
import { currentToken, expiryOf, type TokenSource } from './token.js'
import type { Connection, Ending, Opening } from './transport.js'

/** How long before its end a token is renewed, in milliseconds. */
const renewalLead = 30_000
/** Timers can't wait longer. */
const longestTimer = 2 ** 31 - 1

export interface SessionOptions {
  baseUrl: string
  /** The token to begin with, and where the next ones come from. */
  token: string
  tokens: TokenSource
  since: string | undefined
  open: (opening: Opening) => Connection
  /** How long connecting may take, in milliseconds. */
  connectTimeout: number
  /** How long after a heartbeat is due the connection is given up, in milliseconds. */
  heartbeatGrace: number
  onFrame: (frame: ServerFrame) => void
  /** Something failed that doesn't end the session. */
  onError: (error: LiveError) => void
}

interface Question {
  /** @param done whether the server did what it was asked */
  answer: (done: boolean) => void
  refuse: (error: LiveError) => void
}

type Frame = ClientFrame extends infer Frame ? Frame extends ClientFrame ? Omit<Frame, 'id'> : never : never

/** One connection while it lasts: answers pings, notices silence, renews the token and matches answers to frames. */
export class Session {
  readonly ended: Promise<Ending>
  readonly connection: Connection
  isConnected = false
  isOpen = true
  #end: (ending: Ending) => void = () => {}
  #silence: ReturnType<typeof setTimeout> | undefined
  #renewal: ReturnType<typeof setTimeout> | undefined
  /** How long nothing may be heard, in milliseconds. */
  #patience: number
  #frames = 0
  readonly #questions = new Map<string, Question>()

  constructor (private readonly options: SessionOptions) {
    this.#patience = options.connectTimeout
    this.ended = new Promise(resolve => { this.#end = resolve })
    const { baseUrl, token, since, open } = options
    this.connection = open({ baseUrl, token, since, onHeard: () => this.#listen(), onFrame: frame => this.#take(frame) })
    this.connection.ended.then(ending => this.end(ending))
    this.#listen()
  }

  end (ending: Ending): void {
    if (!this.isOpen) return
    this.isOpen = false
    clearTimeout(this.#silence)
    clearTimeout(this.#renewal)
    this.connection.close()
    for (const { answer } of this.#questions.values()) answer(false)
    this.#end(ending)
  }

  /**
   * Sends a frame and waits for its answer.
   * @returns whether the server did what it was asked; false if it can't be asked or the connection ended first
   * @throws LiveError what the server refused
   */
  async ask (frame: Frame): Promise<boolean> {
    const { send } = this.connection
    if (send === undefined || !this.isConnected || !this.isOpen) return false
    const id = String(++this.#frames)
    const answered = new Promise<boolean>((resolve, reject) => this.#questions.set(id, { answer: resolve, refuse: reject }))
    send({ ...frame, id } as ClientFrame)
    return await answered.finally(() => this.#questions.delete(id))
  }

  #take (frame: ServerFrame) {
    if (!this.isOpen) return
    switch (frame.type) {
      case 'connected':
        this.isConnected = true
        this.#patience = frame.data.heartbeatSeconds * 1000 + this.options.heartbeatGrace
        this.#listen()
        this.#scheduleRenewal(this.options.token)
        break
      case 'ping':
        return this.connection.send?.({ type: 'pong' })
      case 'ack':
        return this.#questions.get(frame.id)?.answer(true)
      case 'error':
        return this.#refuse(frame)
    }
    this.options.onFrame(frame)
  }

  #refuse ({ id = '', data: { code, detail } }: Extract<ServerFrame, { type: 'error' }>) {
    const error = new LiveError(code, detail)
    const question = this.#questions.get(id)
    if (question === undefined) this.options.onError(error)
    else question.refuse(error)
  }

  #listen () {
    if (!this.isOpen) return
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.end({
      code: 'silence', detail: `Nothing was heard from the server for ${this.#patience} ms`, retry: 'reconnect'
    }), this.#patience)
  }

  #scheduleRenewal (token: string) {
    const expiry = expiryOf(token)
    const left = (expiry ?? 0) - Date.now()
    if (typeof this.options.tokens === 'string' || this.connection.send === undefined || expiry === undefined || left <= 0) return
    const delay = Math.max(left - renewalLead, left * 0.75, 1000)
    this.#renewal = setTimeout(() => {
      // What fails here isn't the end: when the token expires, another connection gets a new one.
      this.#renew().catch((cause: unknown) => this.options.onError(cause instanceof LiveError
        ? cause
        : new LiveError('token_unavailable', 'No new token could be got', { cause })))
    }, Math.min(delay, longestTimer))
  }

  async #renew () {
    const token = await currentToken(this.options.tokens)
    this.#scheduleRenewal(token)
    await this.ask({ type: 'auth', data: { token } })
  }
}
