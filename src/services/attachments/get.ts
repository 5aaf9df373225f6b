import type { Attachment } from '../../../schemas/attachment.js'
import type { Direct } from '../../database/direct/index.js'
import type { Clock } from '../../shared/clock.js'
import type { ObjectStore } from '../../storage/object-store.js'
import { ProblemError } from '../../wire/problem-error.js'
import { showAttachment } from './attachment-views.js'
import type { Inspect } from './inspections.js'
import { isGone, isPending } from './lifetime.js'

/** How long a URL is good for downloading, in ms. */
const downloadFor = 5 * 60 * 1000

/**
 * A file as one of its two users sees it, with a URL of its bytes once a message has it; before that only its sender sees it. Whoever has blocked
 * the other since keeps what was sent. Costs 1 RCU.
 * @throws ProblemError attachment_not_found, attachment_scanning, attachment_unavailable, storage_unavailable
 */
export type GetAttachment = (userId: string, attachmentId: string) => Promise<Attachment>

export function createGetAttachment ({ direct, storage, inspect, clock }: {
  direct: Direct, storage: ObjectStore, inspect: Inspect, clock: Clock
}): GetAttachment {
  return async (userId, attachmentId) => {
    const item = await direct.attachment.get({ attachmentId }, { consistent: true })
    const isSeen = item !== undefined && (userId === item.ownerId || (userId === item.receiverId && item.seq !== undefined))
    if (!isSeen) throw new ProblemError('attachment_not_found')
    if (isGone(item)) throw new ProblemError('attachment_unavailable')
    const now = clock.now()
    if (item.state === 'pending') {
      if (!isPending(item, now)) throw new ProblemError('attachment_not_found')
      return showAttachment(item)
    }
    const refusal = await inspect(item)
    if (refusal !== undefined) throw refusal
    const { fileName = '', mediaType } = item
    const expiresAt = now + downloadFor
    const url = await storage.signDownload({ key: attachmentId, fileName, mediaType }, expiresAt)
    return showAttachment(item, { url, expiresAt: new Date(expiresAt).toISOString() })
  }
}
