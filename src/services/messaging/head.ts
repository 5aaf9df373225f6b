import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Pair } from './pair.js'

/** What one member has sent and read. */
export interface Side {
  /** Messages sent. */
  sent: number
  /** The `seq` up to which this member has read. */
  readSeq: number
  /** How many messages of the other member that was. */
  readCount: number
  /** When that position last moved, in ms since the epoch; 0 where it isn't known. */
  readAt: number
  /** When this member blocked the other, in ms since the epoch. */
  blockedAt: number | undefined
  /** Until when this member wants to hear nothing, in ms since the epoch; 0 for always wanting to. */
  mutedUntil: number
  /** When this member last blocked, unblocked, muted or unmuted, in ms since the epoch; 0 for never. */
  setAt: number
}

/**
 * A head from the point of view of one member.
 * @param head the item
 * @param userId the member
 */
export function perspective (head: ConversationItem, userId: string): { own: Side, other: Side, otherId: string } {
  const first = {
    sent: head.firstSent,
    readSeq: head.firstReadSeq ?? 0,
    readCount: head.firstReadCount ?? 0,
    readAt: head.firstReadAt ?? 0,
    blockedAt: head.firstBlocked,
    mutedUntil: head.firstMutedUntil ?? 0,
    setAt: head.firstSetAt ?? 0
  }
  const second = {
    sent: head.secondSent,
    readSeq: head.secondReadSeq ?? 0,
    readCount: head.secondReadCount ?? 0,
    readAt: head.secondReadAt ?? 0,
    blockedAt: head.secondBlocked,
    mutedUntil: head.secondMutedUntil ?? 0,
    setAt: head.secondSetAt ?? 0
  }
  return userId === head.firstId
    ? { own: first, other: second, otherId: head.secondId }
    : { own: second, other: first, otherId: head.firstId }
}

/** Whether both members have written. */
export function haveBothWritten ({ firstSent, secondSent }: ConversationItem): boolean {
  return firstSent > 0 && secondSent > 0
}

/** Whether either has blocked the other. */
export function isBlocked ({ firstBlocked, secondBlocked }: ConversationItem): boolean {
  return firstBlocked !== undefined || secondBlocked !== undefined
}

/** Whether each may know when the other is there, types and reads: both have written, and neither has blocked the other. */
export function areAcquainted (head: ConversationItem): boolean {
  return haveBothWritten(head) && !isBlocked(head)
}

/**
 * How many messages of the other a member has not read. Computed, never counted up and down, so that it can't drift.
 */
export function unreadCount (head: ConversationItem, userId: string): number {
  const { own, other } = perspective(head, userId)
  return other.sent - own.readCount
}

/**
 * How many messages the other member has sent up to one of them, where a head says it: of its last one, and of those
 * from the member's read position on if since then one of them alone has written.
 */
export function othersUpTo (head: ConversationItem, userId: string, seq: number): number | undefined {
  const { own: { sent, readSeq, readCount }, other } = perspective(head, userId)
  if (seq > head.seq || seq < readSeq) return undefined
  if (seq === head.seq || other.sent === readCount) return other.sent
  return sent === readSeq - readCount ? seq - sent : undefined
}

/** The attributes that hold a member's read position. */
export function readAttributes (pair: Pair, userId: string) {
  return userId === pair.firstId
    ? { seq: 'firstReadSeq', count: 'firstReadCount', at: 'firstReadAt' } as const
    : { seq: 'secondReadSeq', count: 'secondReadCount', at: 'secondReadAt' } as const
}

/** The attributes that hold what a member has set. */
export function settingAttributes (pair: Pair, userId: string) {
  return userId === pair.firstId
    ? { blocked: 'firstBlocked', mutedUntil: 'firstMutedUntil', at: 'firstSetAt' } as const
    : { blocked: 'secondBlocked', mutedUntil: 'secondMutedUntil', at: 'secondSetAt' } as const
}
