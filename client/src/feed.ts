import type { Call } from './caller.js'
import { ownError } from './errors.js'
import type { LiveEvent, ServerFrame } from './frames.js'
import { readHole } from './hole.js'
import type { Session } from './session.js'
import { Timeline } from './timeline.js'

export interface FeedOptions {
  call: Call
  /** The cursor to begin from, if any. */
  since: string | undefined
  onEvent: (event: LiveEvent) => void
  /** @param refreshed whether the cursor was given up since it was live the last time */
  onLive: (session: Session, refreshed: boolean) => void
  /** Something that was read is left out. */
  onMisfit: (detail: string) => void
}

/** Makes events of what sessions bring: each message once, in order, what was lost on the way read again. */
export class Feed {
  #cursor: string | undefined
  #timeline = this.#startTimeline()
  #userId = ''
  #isRefreshed = false
  /** Frames are handled one after another: one may wait for what it overtook. */
  #work: Promise<void> = Promise.resolve()

  constructor (private readonly options: FeedOptions) {
    this.#cursor = options.since
  }

  /** How much was seen, the event being told of included. */
  get cursor (): string | undefined {
    return this.#cursor
  }

  /**
   * Gives the cursor up. The server may not only have other secrets: after it has gone back in time, other messages bear the positions seen.
   * @returns false if there is none
   */
  startAfresh (): boolean {
    if (this.#cursor === undefined) return false
    this.#cursor = undefined
    this.#isRefreshed = true
    this.#timeline = this.#startTimeline()
    return true
  }

  /** @param since the cursor with which the session began */
  take (session: Session, frame: ServerFrame, since: string | undefined): void {
    this.#work = this.#work.then(async () => {
      // What comes after the end is in the next connection's catch-up.
      if (session.isOpen) await this.#handle(session, frame, since)
    }).catch(({ cause }: Error) => session.end(ownError('gap', undefined, { cause })))
  }

  #startTimeline (): Timeline {
    return new Timeline({
      read: (message, hole) => {
        const otherId = message.senderId === this.#userId ? message.receiverId : message.senderId
        return readHole(this.options.call, otherId, hole, this.options.onMisfit)
      },
      deliver: event => this.#tell(event, event.cursor)
    })
  }

  async #handle (session: Session, frame: ServerFrame, since: string | undefined) {
    switch (frame.type) {
      case 'newMessage':
      case 'tradeResponse':
        return await this.#timeline.take(frame, this.#cursor ?? frame.cursor, () => session.isOpen)
      case 'connected':
        this.#userId = frame.data.userId
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
