import { Backoff, type BackoffOptions } from './backoff.js'
import { isPassing, ownError, type ChatError } from './errors.js'
import { longestTimer } from './longest-timer.js'
import type { LiveState } from './live-client-options.js'
import { isOffline, watchNetwork } from './network.js'
import type { Session } from './session.js'
import type { TokenKeeper } from './token.js'
import { TransportChoice } from './transport-choice.js'
import type { TransportName } from './transport.js'

/** From when on a connection counts as one that lasted, in milliseconds. */
const stable = 10_000
/** A connection that isn't there after so long is tried anew when the network is back, in milliseconds. */
const hurry = 1000
/** How long one waits at least that has to leave room for others, in milliseconds. */
const unhurried = 60_000

export interface LifelineOptions {
  tokens: TokenKeeper
  backoff: BackoffOptions
  hasWebSocket: boolean
  /** @param takeOver whether the user's oldest connection is to give way */
  open: (transport: TransportName, token: string, takeOver: boolean) => Session
  /** The cursor isn't accepted. @returns whether it could be given up */
  startAfresh: () => boolean
  onState: (state: LiveState) => void
}

/** Keeps a client connected: one session after another, with pauses between them, until the app has to decide. */
export class Lifeline {
  state: LiveState = { status: 'waiting' }
  session: Session | undefined
  readonly #backoff: Backoff
  readonly #transports: TransportChoice
  #isRunning = false
  #unwatch: (() => void) | undefined
  #wake: () => void = () => {}
  /** The token that was refused last, and how many were in a row. */
  #refused: string | undefined
  #refusals = 0
  /** Whether somebody wants it now: not one that had to give way, until it is looked at again. */
  #isWanted = true
  #takesOver = false
  /** Whether to try at once, even where the browser knows no network. */
  #isUrgent = false

  constructor (private readonly options: LifelineOptions) {
    this.#backoff = new Backoff(options.backoff)
    this.#transports = new TransportChoice(options.hasWebSocket)
  }

  get isClosed (): boolean {
    return this.state.status === 'closed'
  }

  /** Connects and stays connected, if it doesn't yet; what closed it before is forgotten. */
  start (): void {
    if (this.#unwatch !== undefined) return
    this.#refusals = 0
    this.#unwatch = watchNetwork({
      onOffline: () => this.#interrupt('offline'),
      onBack: isLookedAt => this.#hurry(isLookedAt)
    })
    if (this.isClosed) this.become({ status: 'waiting' })
    if (!this.#isRunning) this.#run()
  }

  /** Connects at once rather than later; a connection that seems alive has to show it. */
  reconnect (): void {
    this.start()
    this.#hurry(true, true)
  }

  become (state: LiveState): void {
    this.state = state
    this.options.onState(state)
  }

  /** Ends it; `start` begins anew. */
  stop (error?: ChatError): void {
    if (this.isClosed) return
    this.#unwatch?.()
    this.#unwatch = undefined
    this.#interrupt('closed')
    this.become({ status: 'closed', ...error && { error } })
  }

  #hurry (isLookedAt: boolean, isUrgent = !isOffline()) {
    const { session } = this
    this.#isWanted ||= isLookedAt
    this.#backoff.reset()
    if (session?.isConnected) return session.probe()
    if (session !== undefined && Date.now() - session.openedAt < hurry) return
    this.#isUrgent = isUrgent
    this.#interrupt('offline')
  }

  #interrupt (why: 'offline' | 'closed') {
    this.session?.end(ownError(why))
    this.#wake()
  }

  async #run () {
    this.#isRunning = true
    for (let ending: ChatError | undefined; !this.isClosed;) {
      if (isOffline() && !this.#isUrgent) {
        const paused = this.#pause()
        if (this.state.status !== 'offline') this.become({ status: 'offline', ...ending && { error: ending } })
        await paused
        continue
      }
      this.#isUrgent = false
      ending = await this.#attempt()
      if (this.isClosed) break
      const pause = this.#pauseAfter(ending)
      if (pause === undefined) this.stop(ending)
      else if (!isOffline() && !this.#isUrgent) {
        // Begun before it is told: who is told may want to reconnect.
        const paused = this.#pause(pause)
        this.become({ status: 'waiting', retryAt: Date.now() + pause, error: ending })
        await paused
      }
    }
    this.#isRunning = false
  }

  async #attempt (): Promise<ChatError> {
    const { tokens, open } = this.options
    const transport = this.#transports.next()
    this.become({ status: 'connecting', transport })
    const { token, error } = await tokens.get(this.#refused)
    if (token === undefined) return error
    if (this.isClosed) return ownError('closed')
    const session = this.session = open(transport, token, this.#takesOver)
    const ending = await session.ended
    this.session = undefined
    // That there is no network says nothing of the way.
    if (ending.code !== 'offline') this.#transports.note(transport, session.isConnected, ending)
    this.#refused = ending.code.startsWith('token_') ? token : undefined
    if (session.isConnected) {
      this.#refusals = 0
      this.#takesOver = false
    }
    if (Date.now() - session.openedAt >= stable) this.#backoff.reset()
    return ending
  }

  /** @returns in milliseconds; undefined if only the app knows what to do */
  #pauseAfter (ending: ChatError): number | undefined {
    const { tokens, startAfresh } = this.options
    const { code, retryAfter = 0 } = ending
    if (code === 'taken_over') this.#isWanted = false
    // A server that doesn't know how to take over refuses what it is asked.
    const isFull = code === 'too_many_connections' || code === 'taken_over' || (this.#takesOver && code === 'validation_failed')
    if (isFull) {
      this.#takesOver = this.#isWanted && !this.#takesOver
      return this.#takesOver ? 0 : unhurried * (1 + Math.random())
    }
    const isOver = !isPassing(ending) && !(code === 'invalid_cursor' && startAfresh()) &&
      // A token that was refused may have been replaced meanwhile; the one after it is not going to be better.
      !(code.startsWith('token_') && tokens.isRenewable && ++this.#refusals < 2)
    return isOver ? undefined : Math.min(retryAfter + this.#backoff.next(), longestTimer)
  }

  async #pause (ms?: number) {
    let timer: ReturnType<typeof setTimeout> | undefined
    await new Promise<void>(resolve => {
      this.#wake = resolve
      if (ms !== undefined) timer = setTimeout(resolve, ms)
    })
    clearTimeout(timer)
  }
}
