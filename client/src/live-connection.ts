import type { ChatError } from './errors.js'
import { openEventStream } from './event-stream-transport.js'
import type { LiveEvent } from './frames.js'
import { Lifeline } from './lifeline.js'
import type { LiveClientOptions, LiveState } from './live-client-options.js'
import type { Checked } from './options.js'
import { Session } from './session.js'
import { TokenKeeper } from './token.js'
import { openWebSocket, type WebSocketConstructor } from './websocket-transport.js'

export interface LiveConnectionOptions extends Checked<LiveClientOptions> {
  onEvent: (event: LiveEvent) => void
  onState: (state: LiveState) => void
  /** Something failed that ends nothing. */
  onError: (error: ChatError) => void
  /** Something was left out because it doesn't fit its schema. */
  onMisfit: (detail: string) => void
  /** Stands between what a session brings and what is told of it; by default all is told as it comes. */
  arrange?: (event: LiveEvent, session: Session, tell: (event: LiveEvent) => void) => void
}

/** A user's events, for as long as it takes. */
export interface LiveConnection {
  /** How much was told, the event being told of included. */
  readonly cursor: string | undefined
  readonly state: LiveState
  /** Connects, and stays connected until closed. */
  start: () => void
  /** Connects at once rather than later, also after it was closed by what went wrong; a connection that seems alive has to show that it is. */
  reconnect: () => void
  /** Ends it for good. */
  close: () => void
  /** Asks the server as a session does. */
  ask: Session['ask']
  /** @returns whether it could be told */
  tellTyping: (type: 'typing' | 'stopTyping', userId: string) => Promise<boolean>
}

/** Connects again whenever a connection ends, and resumes where it was. What was lost on the way isn't looked for, and what comes twice is told twice. */
export function createConnection (options: LiveConnectionOptions): LiveConnection {
  const {
    token: source, transport, backoff, onEvent, onState, arrange = (event, _session, tell) => tell(event),
    WebSocket = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket
  } = options
  const tokens = TokenKeeper.of(source)
  let cursor = options.since
  let isEnded = false
  let refreshed: { refreshed?: true } = {}

  const lifeline = new Lifeline({
    tokens,
    backoff,
    hasWebSocket: transport !== 'eventStream' && WebSocket !== undefined,
    onState,
    startAfresh () {
      if (cursor === undefined) return false
      cursor = undefined
      refreshed = { refreshed: true }
      return true
    },
    open (transport, token, takeOver) {
      const since = cursor
      const session: Session = new Session({
        ...options,
        token,
        tokens,
        since,
        takeOver,
        open: opening => transport === 'webSocket' ? openWebSocket(WebSocket as WebSocketConstructor, opening) : openEventStream(opening),
        onEvent: event => arrange(event, session, event => tell(event, session, since))
      })
      return session
    }
  })

  /** @param since the cursor with which the session began */
  function tell (event: LiveEvent, session: Session, since: string | undefined) {
    const isGreeting = event.type === 'connected' || event.type === 'resumed'
    if (isGreeting) cursor = event.data.cursor
    else if (event.type === 'newMessage' || event.type === 'tradeResponse') cursor = event.cursor
    onEvent(event)
    // With a cursor what was missed comes first. Who was told last may have closed it.
    if (!isGreeting || !session.isOpen || (event.type === 'connected' && since !== undefined)) return
    const state: LiveState = { status: 'live', transport: session.connection.name, ...refreshed }
    refreshed = {}
    lifeline.become(state)
  }

  const ask: Session['ask'] = async frame => await lifeline.session?.ask(frame) ?? false

  return {
    get cursor () { return cursor },
    get state () { return lifeline.state },
    start: () => lifeline.start(),
    reconnect: () => { if (!isEnded) lifeline.reconnect() },
    close () {
      isEnded = true
      lifeline.stop()
    },
    ask,
    async tellTyping (type, userId) {
      const answer = await ask({ type, data: { userId } })
      if (typeof answer === 'object') options.onError(answer)
      return answer === true
    }
  }
}
