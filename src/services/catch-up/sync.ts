import type { MissedPage, SyncQuery } from '../../../schemas/sync.js'
import type { CatchUp } from './catch-up.js'
import type { Cursors } from './cursor.js'

/**
 * A page of what a user missed, for callers without a connection; without a cursor only that of now.
 * @throws ProblemError invalid_cursor
 */
export type Sync = (userId: string, query: SyncQuery) => Promise<MissedPage>

export function createSync ({ catchUp, cursors }: { catchUp: CatchUp, cursors: Cursors }): Sync {
  return async (userId, { since, limit = 20 }) => {
    if (since === undefined) return { messages: [], cursor: cursors.issue(userId, await catchUp.now(userId)), more: false }
    const { missed, cursor, more } = await catchUp.since(userId, cursors.read(userId, since), limit)
    return { messages: missed.map(({ message }) => message), cursor: cursors.issue(userId, cursor), more }
  }
}
