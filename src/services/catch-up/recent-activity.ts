import { BoundedMap } from '../../shared/bounded-map.js'
import type { HappeningListener } from '../happenings.js'
import { settleTime } from './cursor.js'

/** Of how many users it is remembered. */
const maxUsers = 50_000

/** A message in a conversation. */
export interface Activity {
  conversationId: string
  seq: number
  /** Its time, in ms since the epoch. */
  at: number
}

/**
 * The newest messages of users' conversations of the last seconds, as far as this process heard of them: a connection can begin
 * with it, without a read. There may be newer ones.
 */
export class RecentActivity {
  /** By conversation; the one that was active last comes last. */
  readonly #users = new BoundedMap<string, Map<string, Activity>>(maxUsers)

  note (userId: string, activity: Activity): void {
    const { conversationId, seq, at } = activity
    const own = this.#users.get(userId) ?? new Map<string, Activity>()
    const before = own.get(conversationId)
    if (before !== undefined && before.seq >= seq) return
    own.delete(conversationId)
    own.set(conversationId, activity)
    for (const [id, old] of own) {
      if (old.at > at - settleTime) break
      own.delete(id)
    }
    this.#users.set(userId, own)
  }

  /** What was noted of a user. */
  of (userId: string): Iterable<Activity> {
    return this.#users.get(userId)?.values() ?? []
  }

  /** Notes what happens here. */
  listener: HappeningListener = happening => {
    if (happening.type !== 'message') return
    const { conversationId, seq, timestamp, senderId, receiverId } = happening.message
    const activity = { conversationId, seq, at: Date.parse(timestamp) }
    this.note(senderId, activity)
    this.note(receiverId, activity)
  }
}
