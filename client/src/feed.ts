import { ownError } from './errors.js'
import type { LiveEvent } from './frames.js'
import { readHole, type HoleReader } from './hole.js'
import type { LiveConnectionOptions } from './live-connection.js'
import type { Session } from './session.js'
import { Timeline } from './timeline.js'

type Tell = (event: LiveEvent) => void

/**
 * Puts what sessions bring in order: each message once, and before it those that were lost on the way.
 * @param cursor how much was told
 */
export function createFeed (reader: HoleReader, cursor: () => string | undefined): NonNullable<LiveConnectionOptions['arrange']> {
  let userId = ''
  let timeline = begin()
  // Events are handled one after another: one may wait for what it overtook.
  let work = Promise.resolve()

  function begin () {
    return new Timeline(({ senderId, receiverId }, hole, before) => readHole(reader, senderId === userId ? receiverId : senderId, hole, before))
  }

  async function handle (event: LiveEvent, session: Session, tell: Tell) {
    if (event.type === 'newMessage' || event.type === 'tradeResponse') {
      return await timeline.take(event, cursor() ?? event.cursor, () => session.isOpen, tell)
    }
    if (event.type === 'connected') {
      userId = event.data.userId
      // The cursor was given up: after the server has gone back in time, other messages bear the positions seen.
      if (cursor() === undefined) timeline = begin()
    }
    tell(event)
  }

  return (event, session, tell) => {
    work = work.then(async () => {
      // What comes after the end is in the next connection's catch-up.
      if (session.isOpen) await handle(event, session, tell)
    }).catch(({ cause }: Error) => session.end(ownError('gap', undefined, { cause })))
  }
}
