import { ownError } from '../errors.js'
import type { LiveEvent, LiveState } from '../index.js'
import { createConnection, type LiveConnection } from '../live-connection.js'
import type { ServerClock } from './server-clock.js'
import type { Settings } from './settings.js'
import { Tabs, type BroadcastChannelConstructor, type LockManagerLike } from './tabs.js'

/** What tabs tell each other. A state comes with how far the connection has got; `standing` answers a `hello`. */
type Note =
  | { type: 'hello' }
  | { type: 'standing', state: LiveState, cursor: string | undefined, offset: number | undefined }
  | { type: 'event', event: LiveEvent, cursor: string | undefined }
  | { type: 'state', state: LiveState, cursor: string | undefined }
  | { type: 'typing' | 'stopTyping', userId: string }
  | { type: 'reconnect' }
  | { type: 'marked', userId: string }
  | { type: 'discarded', key: string }

export interface FeedOptions {
  live: Settings
  /** What tabs need to share a connection, where there is all of it. */
  shared?: { name: string, locks: LockManagerLike, BroadcastChannel: BroadcastChannelConstructor } | undefined | ''
  clock: ServerClock
  onEvent: (event: LiveEvent) => void
  onState: (state: LiveState) => void
  /** Another tab of the user has done something. */
  onNote: (note: Extract<Note, { type: 'marked' | 'discarded' }>) => void
}

/** Where events come from: a connection of this tab, or the one of the tab that leads. */
export class Feed {
  /** The connection, if this tab holds it. */
  live: LiveConnection | undefined
  readonly #tabs: Tabs<Note> | undefined
  /** How far the connection has got, whoever holds it. */
  #cursor: string | undefined
  /** Whether it is known here how the connection is: events may come before that. */
  #isInformed = false

  constructor (private readonly options: FeedOptions) {
    const { shared } = options
    if (!shared) this.#connect()
    else {
      this.#tabs = new Tabs<Note>({ ...shared, onNote: note => this.#hear(note), onLead: () => this.#connect() })
      this.#tabs.tell({ type: 'hello' })
    }
  }

  /** Whether this tab holds the connection; undefined where tabs don't share one. */
  get isLeader (): boolean | undefined {
    return this.#tabs?.isLeader
  }

  tellTyping (type: 'typing' | 'stopTyping', userId: string): void {
    if (this.live === undefined) this.#tabs?.tell({ type, userId })
    else this.live.tellTyping(type, userId)
  }

  reconnect (): void {
    if (this.live === undefined) this.#tabs?.tell({ type: 'reconnect' })
    else this.live.reconnect()
  }

  /** Tells the other tabs what this one has done. */
  note (note: Parameters<FeedOptions['onNote']>[0]): void {
    this.#tabs?.tell(note)
  }

  close (): void {
    // Before the connection ends: for the others it goes on.
    this.#tabs?.leave()
    this.live?.close()
  }

  #connect () {
    const { live: settings } = this.options
    const live: LiveConnection = this.live = createConnection({
      ...settings,
      since: this.#cursor,
      // What it does to this tab comes first: if it ends it, no other tab hears of it.
      onEvent: event => {
        this.#hear({ type: 'event', event, cursor: live.cursor })
        this.#tabs?.tell({ type: 'event', event, cursor: live.cursor })
      },
      onState: state => {
        this.#become({ state, cursor: live.cursor })
        this.#tabs?.tell({ type: 'state', state: cloneable(state), cursor: live.cursor })
      },
      onMisfit: detail => settings.onError(ownError('unexpected_frame', detail, { retryable: false }))
    })
    live.start()
  }

  #become ({ state, cursor }: { state: LiveState, cursor: string | undefined }) {
    this.#isInformed = true
    this.#cursor = cursor ?? this.#cursor
    this.options.onState(state)
  }

  #hear (note: Note) {
    switch (note.type) {
      case 'hello':
        return this.#answer()
      case 'standing':
        if (note.offset !== undefined && this.options.clock.offset === undefined) this.options.clock.adopt(note.offset)
        // It wasn't this one that asked, if it knows.
        if (!this.#isInformed) this.#become(note)
        return
      case 'state':
        // What a tab that led before has told may come late.
        if (this.live === undefined) this.#become(note)
        return
      case 'event':
        this.#cursor = note.cursor ?? this.#cursor
        return this.options.onEvent(note.event)
      case 'typing':
      case 'stopTyping':
        this.live?.tellTyping(note.type, note.userId)
        return
      case 'reconnect':
        return this.live?.reconnect()
      default:
        this.options.onNote(note)
    }
  }

  #answer () {
    if (this.live === undefined) return
    // That a cursor wasn't accepted once is no news to who comes later.
    const { refreshed, ...state } = cloneable(this.live.state)
    this.#tabs?.tell({ type: 'standing', state, cursor: this.live.cursor, offset: this.options.clock.offset })
  }
}

/** A state without what may not be handed on to another tab. */
function cloneable ({ error, ...state }: LiveState): LiveState {
  return { ...state, ...error && { error: { ...error, cause: undefined } } }
}
