import { workItem, type WorkItem } from '../../database/entities/work.js'

/** The kind of the timers by which the bytes of infected attachments go. */
export const discardKind = 'discard'

/** The timer of an attachment whose bytes are to go. @param dueAt ms since the epoch */
export function discardTimer (attachmentId: string, dueAt: number): WorkItem {
  return workItem({ kind: discardKind, subject: attachmentId, dueAt })
}
