import type { AttachmentCountItem } from '../../database/entities/attachment-count.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'
import type { Direct } from '../../database/direct/index.js'
import type { Detail } from '../../locales/detail.js'
import { ProblemError } from '../../wire/problem-error.js'
import { isPending, pendingFor } from './lifetime.js'

const day = 24 * 60 * 60 * 1000
const mebibyte = 1024 * 1024

/** How many attachments of a user can wait for a message. */
export const maxPending = 20
/** How much a user can announce on a day, which begins at midnight UTC, in MiB. */
export const maxMebibytesADay = 200

/**
 * Counts an attachment that is about to be made: that is to be written with it, on condition that nothing else was counted meanwhile. Costs 1 RCU, and 1
 * for each of those that were made last where there may be too many.
 * @param count what was counted before
 * @returns what is counted with it
 * @throws ProblemError attachment_quota
 */
export type CountOneMore = (count: AttachmentCountItem | undefined, made: Pick<AttachmentItem, 'attachmentId' | 'ownerId' | 'size' | 'createdAt'>) => Promise<AttachmentCountItem>

export function createCountOneMore (direct: Direct): CountOneMore {
  return async (count, { attachmentId, ownerId, size, createdAt: now }) => {
    const today = new Date(now).toISOString().slice(0, 10)
    const bytes = (count?.day === today ? count.bytes : 0) + size
    if (bytes > maxMebibytesADay * mebibyte) throw tooMany({ id: 'attachment_mebibytes_a_day', max: maxMebibytesADay }, day - now % day)
    const others = (count?.attachmentIds ?? []).filter(id => id !== attachmentId)
    return {
      ownerId,
      day: today,
      bytes,
      attachmentIds: [...others.length < maxPending ? others : await pendingOf(others, now), attachmentId],
      version: (count?.version ?? 0) + 1,
      ttl: Math.ceil((now + pendingFor) / 1000)
    }
  }

  /** Those of some that are still pending. */
  async function pendingOf (ids: string[], now: number): Promise<string[]> {
    const items = await direct.attachment.getAll(ids.map(attachmentId => ({ attachmentId })), { consistent: true })
    const pending = items.filter(item => isPending(item, now))
    const ends = Math.min(...pending.map(({ ttl = 0 }) => ttl * 1000))
    if (pending.length >= maxPending) throw tooMany({ id: 'attachments_pending', max: maxPending }, ends - now)
    return pending.map(({ attachmentId }) => attachmentId)
  }
}

/** @param wait until there is room, in ms */
function tooMany (detail: Detail, wait: number): ProblemError {
  return new ProblemError('attachment_quota', detail, { headers: { 'retry-after': String(Math.ceil(wait / 1000)) } })
}
