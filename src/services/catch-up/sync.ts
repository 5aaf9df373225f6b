import type { MissedPage, SyncQuery } from '../../../schemas/sync.js'
import type { Clock } from '../../shared/clock.js'
import { showMessage, showOffers } from '../messaging/message-views.js'
import type { CatchUp } from './catch-up.js'
import type { Cursors } from './cursor.js'

/** The catch-up of callers without a connection. */
export interface Sync {
  /**
   * A page of what a user missed; without a cursor only that of now.
   * @throws ProblemError invalid_cursor
   */
  missed: (userId: string, query: SyncQuery) => Promise<MissedPage>
}

export function createSync ({ catchUp, cursors, clock }: { catchUp: CatchUp, cursors: Cursors, clock: Clock }): Sync {
  return {
    async missed (userId, { since, limit = 20 }) {
      if (since === undefined) return { messages: [], offers: [], cursor: cursors.issue(userId, await catchUp.now(userId)), more: false }
      const { missed, cursor, more } = await catchUp.since(userId, cursors.read(userId, since), limit)
      return {
        messages: missed.map(told => showMessage(told, userId)), offers: showOffers(missed, clock.now()), cursor: cursors.issue(userId, cursor), more
      }
    }
  }
}
