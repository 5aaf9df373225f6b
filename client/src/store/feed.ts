import { LiveClient, type LiveClientOptions, type LiveEvent, type LiveState } from '../index.js'
import type { ServerClock } from './server-clock.js'
import { Tabs, type BroadcastChannelConstructor, type LockManagerLike } from './tabs.js'

/** What tabs tell each other. A state comes with how far the connection has got; `standing` answers a `hello`. */
type Note =
  | { type: 'hello' }
  | { type: 'standing', state: LiveState, cursor: string | undefined, offset: number | undefined }
  | { type: 'event', event: LiveEvent, cursor: string | undefined }
  | { type: 'state', state: LiveState, cursor: string | undefined }
  | { type: 'typing' | 'stopTyping', userId: string }
  | { type: 'reconnect' }
  | { type: 'muted', userId: string, isMuted: boolean }
  | { type: 'discarded', key: string }

export interface FeedOptions {
  live: LiveClientOptions
  /** What tabs need to share a connection, where there is all of it. */
  shared?: { name: string, locks: LockManagerLike, BroadcastChannel: BroadcastChannelConstructor } | undefined | ''
  clock: ServerClock
  onEvent: (event: LiveEvent) => void
  onState: (state: LiveState) => void
  /** Another tab of the user has done something. */
  onNote: (note: Extract<Note, { type: 'muted' | 'discarded' }>) => void
}

/** Where events come from: a connection of this tab, or the one of the tab that leads. */
export class Feed {
  #live: LiveClient | undefined
  readonly #tabs: Tabs<Note> | undefined
  #state: LiveState = { status: 'connecting' }
  /** How far the connection has got, whoever holds it. */
  #cursor: string | undefined

  constructor (private readonly options: FeedOptions) {
    const { shared } = options
    if (!shared) this.#connect()
    else {
      this.#tabs = new Tabs<Note>({ ...shared, onNote: note => this.#hear(note), onLead: () => this.#connect() })
      this.#tabs.tell({ type: 'hello' })
    }
  }

  get state (): LiveState {
    return this.#state
  }

  /** Whether this tab holds the connection; undefined where tabs don't share one. */
  get isLeader (): boolean | undefined {
    return this.#tabs?.isLeader
  }

  typing (userId: string): void {
    if (this.#live === undefined) this.#tabs?.tell({ type: 'typing', userId })
    else this.#live.typing(userId)
  }

  stopTyping (userId: string): void {
    if (this.#live === undefined) this.#tabs?.tell({ type: 'stopTyping', userId })
    else this.#live.stopTyping(userId)
  }

  /** The connection, if this tab holds it. */
  get live (): LiveClient | undefined {
    return this.#live
  }

  reconnect (): void {
    if (this.#live === undefined) this.#tabs?.tell({ type: 'reconnect' })
    else this.#live.reconnect()
  }

  /** Tells the other tabs what this one has done. */
  note (note: Parameters<FeedOptions['onNote']>[0]): void {
    this.#tabs?.tell(note)
  }

  close (): void {
    this.#live?.close()
    this.#tabs?.leave()
  }

  #connect () {
    const live = this.#live = new LiveClient({ ...this.options.live, since: this.#cursor })
    live.on('event', event => this.#tellEvent(event, live.cursor))
    live.on('state', state => this.#tellState(state, live.cursor))
    live.connect()
  }

  // What an event does to this tab comes first: if it ends it, no other tab hears of it.
  #tellEvent (event: LiveEvent, cursor: string | undefined) {
    this.#cursor = cursor
    this.options.onEvent(event)
    this.#tabs?.tell({ type: 'event', event, cursor })
  }

  #tellState (state: LiveState, cursor: string | undefined) {
    this.#become(state, cursor)
    this.#tabs?.tell({ type: 'state', state: cloneable(state), cursor })
  }

  #become (state: LiveState, cursor: string | undefined) {
    this.#cursor = cursor ?? this.#cursor
    this.#state = state
    this.options.onState(state)
  }

  #hear (note: Note) {
    switch (note.type) {
      case 'hello':
        return this.#answer()
      case 'standing':
        if (note.offset !== undefined && this.options.clock.offset === undefined) this.options.clock.adopt(note.offset)
        // It wasn't this one that asked, if it knows.
        if (this.#live !== undefined || this.#cursor !== undefined) return
        return this.#become(note.state, note.cursor)
      case 'event':
        this.#cursor = note.cursor ?? this.#cursor
        return this.options.onEvent(note.event)
      case 'state':
        return this.#become(note.state, note.cursor)
      case 'typing':
      case 'stopTyping':
        if (this.#live !== undefined) this[note.type](note.userId)
        return
      case 'reconnect':
        return this.#live?.reconnect()
      default:
        this.options.onNote(note)
    }
  }

  #answer () {
    if (this.#live === undefined) return
    // That a cursor wasn't accepted once is no news to who comes later.
    const { refreshed, ...state } = cloneable(this.#live.state)
    this.#tabs?.tell({ type: 'standing', state, cursor: this.#live.cursor, offset: this.options.clock.offset })
  }
}

/** A state without what may not be handed on to another tab. */
function cloneable ({ error, ...state }: LiveState): LiveState {
  return { ...state, ...error && { error: { ...error, cause: undefined } } }
}
