import type { ServerEvent } from '../../schemas/events.js'
import type { Change } from '../services/catch-up/changes.js'
import { perspective, unreadCount } from '../services/messaging/head.js'

/** The events that tell a user of what happened in a conversation beside what was said. */
export function changeEvents (userId: string, { head, otherId, acquaintance, hasRead, otherHasRead, hasComeOrGone }: Change): ServerEvent[] {
  const { conversationId } = head
  const { own, other } = perspective(head, userId)
  const events: ServerEvent[] = []
  if (hasComeOrGone) {
    const lastSeenAt = acquaintance?.lastSeenAt ?? new Date().toISOString()
    events.push({ type: 'presence', data: { userId: otherId, online: acquaintance?.online === true, lastSeenAt } })
  }
  if (hasRead) events.push({ type: 'read', data: { userId, conversationId, seq: own.readSeq, unreadCount: unreadCount(head, userId) } })
  if (otherHasRead) events.push({ type: 'read', data: { userId: otherId, conversationId, seq: other.readSeq } })
  return events
}
