import { ownError } from './errors.js'
import type { LiveEvent } from './frames.js'
import { readHole, type HoleReader } from './hole.js'
import type { Session } from './session.js'
import { Timeline } from './timeline.js'

export interface FeedOptions extends HoleReader {
  /** The cursor to begin from, if any. */
  since: string | undefined
  onEvent: (event: LiveEvent) => void
  /** @param refreshed whether the cursor was given up since it was live the last time */
  onLive: (session: Session, refreshed: boolean) => void
}

/** Makes events of what sessions bring: each message once, in order, what was lost on the way read again. */
export class Feed {
  /** How much was seen, the event being told of included. */
  cursor: string | undefined
  #timeline = this.#startTimeline()
  #userId = ''
  #isRefreshed = false
  /** Frames are handled one after another: one may wait for what it overtook. */
  #work: Promise<void> = Promise.resolve()

  constructor (private readonly options: FeedOptions) {
    this.cursor = options.since
  }

  /**
   * Gives the cursor up. The server may not only have other secrets: after it has gone back in time, other messages bear the positions seen.
   * @returns false if there is none
   */
  startAfresh (): boolean {
    if (this.cursor === undefined) return false
    this.cursor = undefined
    this.#isRefreshed = true
    this.#timeline = this.#startTimeline()
    return true
  }

  /** @param since the cursor with which the session began */
  take (session: Session, event: LiveEvent, since: string | undefined): void {
    this.#work = this.#work.then(async () => {
      // What comes after the end is in the next connection's catch-up.
      if (session.isOpen) await this.#handle(session, event, since)
    }).catch(({ cause }: Error) => session.end(ownError('gap', undefined, { cause })))
  }

  #startTimeline (): Timeline {
    return new Timeline({
      read: ({ senderId, receiverId }, hole, cursor) => readHole(this.options, senderId === this.#userId ? receiverId : senderId, hole, cursor),
      deliver: event => this.#tell(event, event.cursor)
    })
  }

  async #handle (session: Session, event: LiveEvent, since: string | undefined) {
    if (event.type === 'newMessage' || event.type === 'tradeResponse') {
      return await this.#timeline.take(event, this.cursor ?? event.cursor, () => session.isOpen)
    }
    if (event.type !== 'connected' && event.type !== 'resumed') return this.#tell(event)
    if (event.type === 'connected') this.#userId = event.data.userId
    this.#tell(event, event.data.cursor)
    // With a cursor what was missed comes first.
    if (event.type === 'resumed' || since === undefined) this.#goLive(session)
  }

  #tell (event: LiveEvent, cursor = this.cursor) {
    this.cursor = cursor
    this.options.onEvent(event)
  }

  #goLive (session: Session) {
    // Who was told last may have closed it.
    if (!session.isOpen) return
    const refreshed = this.#isRefreshed
    this.#isRefreshed = false
    this.options.onLive(session, refreshed)
  }
}
