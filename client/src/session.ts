import { ownError, type ChatError } from './errors.js'
import { longestTimer } from './longest-timer.js'
import type { ClientFrame, LiveEvent, Misfit, ServerFrame } from './frames.js'
import type { TokenKeeper } from './token.js'
import type { Connection, Opening } from './transport.js'

/** A stream that was silent for longer isn't trusted when it matters, in milliseconds. */
const freshness = 10_000

export interface SessionOptions extends Omit<Opening, 'onHeard' | 'onFrame'> {
  /** Where the next tokens come from. */
  tokens: TokenKeeper
  open: (opening: Opening) => Connection
  /** How long connecting may take, in milliseconds. */
  connectTimeout: number
  /** How long a sign of life that is due may take, in milliseconds. */
  heartbeatGrace: number
  onEvent: (event: LiveEvent) => void
  /** Something came that is left out. @param detail why */
  onMisfit: (detail: string) => void
  /** Something failed that doesn't end the session. */
  onError: (error: ChatError) => void
}

/** @param result whether the server did what it was asked, or why it refused */
type Answered = (result: boolean | ChatError) => void

/** A frame to be answered. */
export type Frame = ClientFrame extends infer Frame ? Frame extends ClientFrame ? Omit<Frame, 'id'> : never : never

/** One connection while it lasts: answers pings, notices silence, renews the token and matches answers to frames. */
export class Session {
  readonly ended: Promise<ChatError>
  readonly connection: Connection
  readonly openedAt = Date.now()
  isConnected = false
  isOpen = true
  #end: (ending: ChatError) => void = () => {}
  #silence: ReturnType<typeof setTimeout> | undefined
  #renewal: ReturnType<typeof setTimeout> | undefined
  /** How long nothing may be heard, in milliseconds. */
  #patience: number
  #heardAt = Date.now()
  #token: string
  #frames = 0
  readonly #questions = new Map<string, Answered>()

  constructor (private readonly options: SessionOptions) {
    this.#patience = options.connectTimeout
    this.#token = options.token
    this.ended = new Promise(resolve => { this.#end = resolve })
    this.connection = options.open({
      ...options,
      onHeard: () => { if (this.isConnected) this.#listen() },
      onFrame: ({ frame, misfit }) => frame === undefined ? this.#leaveOut(misfit) : this.#take(frame)
    })
    this.connection.ended.then(ending => this.end(ending))
    this.#listen()
  }

  end (ending: ChatError): void {
    if (!this.isOpen) return
    this.isOpen = false
    clearTimeout(this.#silence)
    clearTimeout(this.#renewal)
    this.connection.close()
    for (const answer of this.#questions.values()) answer(false)
    this.#end(ending)
  }

  /**
   * Sends a frame and waits for its answer.
   * @returns whether the server did what it was asked: false if it can't be asked or the connection ended first; or why it refused
   */
  async ask (frame: Frame): Promise<boolean | ChatError> {
    const { send } = this.connection
    if (send === undefined || !this.isConnected || !this.isOpen) return false
    const id = String(++this.#frames)
    const answered = new Promise<boolean | ChatError>(resolve => this.#questions.set(id, resolve))
    send({ ...frame, id } as ClientFrame)
    return await answered.finally(() => this.#questions.delete(id))
  }

  /** Makes sure that the connection is alive: it ends if it isn't. */
  probe (): void {
    const { send } = this.connection
    if (!this.isOpen) return
    if (send === undefined) {
      if (Date.now() - this.#heardAt > freshness) this.end(ownError('silence'))
      return
    }
    this.#expect(this.options.heartbeatGrace)
    // A pong with an id is acknowledged and costs nothing.
    send({ type: 'pong', id: 'probe' })
  }

  #take (frame: ServerFrame) {
    if (!this.isOpen) return
    switch (frame.type) {
      case 'connected':
        this.isConnected = true
        this.#patience = frame.data.heartbeatSeconds * 1000 + this.options.heartbeatGrace
        this.#listen()
        this.#scheduleRenewal()
        break
      case 'ping':
        return this.connection.send?.({ type: 'pong' })
      case 'ack':
        return this.#questions.get(frame.id)?.(true)
      case 'error':
        return (this.#questions.get(frame.id ?? '') ?? this.options.onError)(frame.data)
    }
    this.options.onEvent(frame)
  }

  #leaveOut (misfit: Misfit) {
    if (!this.isOpen) return
    this.options.onMisfit(misfit.detail)
    // Without these it would never be live.
    if (misfit.type === 'connected' || misfit.type === 'resumed') this.end(ownError('unexpected_frame', misfit.detail))
  }

  #listen () {
    this.#heardAt = Date.now()
    if (this.isOpen) this.#expect(this.#patience)
  }

  /** Ends it if nothing is heard for so long, in milliseconds. */
  #expect (patience: number) {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.end(ownError('silence')), patience)
  }

  #scheduleRenewal () {
    const { tokens } = this.options
    if (!tokens.isRenewable || this.connection.send === undefined || tokens.renewAt === Infinity) return
    // A little later, because timers come a little early.
    const delay = Math.max(tokens.renewAt - Date.now(), 0) + 10
    this.#renewal = setTimeout(() => { this.#renew() }, Math.min(delay, longestTimer))
  }

  async #renew () {
    const { token, error } = await this.options.tokens.get()
    if (!this.isOpen) return
    // What fails here isn't the end: when the token expires, another connection gets a new one.
    if (error !== undefined) this.options.onError(error)
    this.#scheduleRenewal()
    if (token === undefined || token === this.#token) return
    this.#token = token
    const refusal = await this.ask({ type: 'auth', data: { token } })
    if (typeof refusal === 'object') this.options.onError(refusal)
  }
}
