import { settleTime, type Cursor } from '../services/catch-up/cursor.js'

/** Since when one client has been sent everything. */
export class Coverage {
  #since: Cursor | undefined

  /** Notes that everything was sent that a cursor doesn't claim. */
  extend (since: Cursor): void {
    // One from the middle of a catch-up says nothing of the conversations that were visited before.
    if (since.visit === undefined && (this.#since === undefined || since.at < this.#since.at)) this.#since = since
  }

  /** Whether everything was sent that a cursor doesn't claim. */
  includes ({ at, seen }: Cursor): boolean {
    const since = this.#since
    if (since === undefined || at < since.at) return false
    // What it claims of its time has settled, or it claims at least as much by name.
    return at - settleTime >= since.at || Object.entries(since.seen).every(([conversationId, seq]) => (seen[conversationId] ?? 0) >= seq)
  }
}
