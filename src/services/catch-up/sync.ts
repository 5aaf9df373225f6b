import type { MissedPage, SyncQuery } from '../../../schemas/sync.js'
import type { Clock } from '../../shared/clock.js'
import { showMessage, showOffers } from '../messaging/message-views.js'
import type { CatchUp } from './catch-up.js'
import type { Changes } from './changes.js'
import type { Cursors } from './cursor.js'

/** The catch-up of callers without a connection. */
export interface Sync {
  /**
   * A page of what a user missed; without a cursor only that of now. The last one has the conversations that changed, if they are asked for.
   * @throws ProblemError invalid_cursor
   */
  missed: (userId: string, query: SyncQuery) => Promise<MissedPage>
}

export function createSync ({ catchUp, changes, cursors, clock }: {
  catchUp: CatchUp, changes: Changes, cursors: Cursors, clock: Clock
}): Sync {
  return {
    async missed (userId, { since, limit = 20, changes: areWanted = false }) {
      if (since === undefined) {
        const cursor = cursors.issue(userId, await catchUp.now(userId))
        return { messages: [], offers: [], cursor, more: false, ...(areWanted ? { conversations: [] } : {}) }
      }
      const from = cursors.read(userId, since)
      const { missed, cursor, more } = await catchUp.since(userId, from, limit)
      const conversations = areWanted && !more ? await changes.conversations(userId, from) : undefined
      return {
        messages: missed.map(told => showMessage(told, userId)), offers: showOffers(missed, clock.now()), cursor: cursors.issue(userId, cursor), more, conversations
      }
    }
  }
}
