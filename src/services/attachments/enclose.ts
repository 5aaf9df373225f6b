import type { Attach, MessageAttachment } from '../../../schemas/attachment.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'
import type { Direct } from '../../database/direct/index.js'
import type { Clock } from '../../shared/clock.js'
import type { ObjectStore } from '../../storage/object-store.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Beside } from '../messaging/commit.js'
import { showMessageAttachment } from './attachment-views.js'
import type { Check } from './check.js'
import { isGone, isPending } from './lifetime.js'

/** The files that a message is going to have. */
export interface Enclosure {
  attachmentIds: string[]
  /**
   * For the place that the message is to get: what it says of them, and what binds them to it.
   * @throws ProblemError why it can't have them; an earlier message with the same key has them maybe
   */
  at: (seq: number) => { attachments: MessageAttachment[], beside: Beside[] }
}

/**
 * Makes files ready to be sent: they are as they were announced, and stay from then on; whoever binds them to a message must do so before they go.
 * If none does they stay in the store for nothing; the other way around a message could be without its files.
 * Costs 1 RCU each, and with the message 2 WCU each.
 * @throws ProblemError storage_unavailable, database_unavailable
 */
export type Enclose = (users: { senderId: string, receiverId: string }, attach: Attach) => Promise<Enclosure>

export function createEnclose ({ direct, storage, check, clock }: {
  direct: Direct, storage: ObjectStore, check: Check, clock: Clock
}): Enclose {
  return async (users, attach) => {
    const found = new Map((await direct.attachment.getAll(attach, { consistent: true })).map(item => [item.attachmentId, item]))
    const items = attach.flatMap(({ attachmentId }) => found.get(attachmentId) ?? [])
    let refusal = attach.map(({ attachmentId }) => refusalOf(found.get(attachmentId), users, clock.now())).find(isThere)
    refusal ??= (await Promise.all(items.map(check))).find(isThere)
    if (refusal === undefined) await Promise.all(items.map(async ({ attachmentId }) => await storage.keep(attachmentId)))

    const bind = ({ attachmentId }: AttachmentItem, seq: number): Beside => ({
      write: direct => direct.attachment.update({ attachmentId }, { state: 'bound', seq }, { equal: { state: 'pending' } }, ['ttl']),
      refused: item => { refusal = refusalOf(item as AttachmentItem | null, users, clock.now()) }
    })
    return {
      attachmentIds: attach.map(({ attachmentId }) => attachmentId),
      at (seq) {
        if (refusal !== undefined) throw refusal
        return { attachments: items.map(showMessageAttachment), beside: items.map(item => bind(item, seq)) }
      }
    }
  }
}

/** Where nothing can be attached there is nothing. */
export const encloseNothing: Enclose = async (_users, attach) => ({
  attachmentIds: attach.map(({ attachmentId }) => attachmentId),
  at: () => { throw new ProblemError('attachment_not_found') }
})

/** Why a message between two users can't have an attachment, as far as its item tells. */
function refusalOf (item: AttachmentItem | null | undefined, { senderId, receiverId }: { senderId: string, receiverId: string }, now: number): ProblemError | undefined {
  if (item == null || item.ownerId !== senderId || item.receiverId !== receiverId) return new ProblemError('attachment_not_found')
  if (isGone(item)) return new ProblemError('attachment_unavailable')
  if (item.state === 'bound') return new ProblemError('attachment_used')
  return isPending(item, now) ? undefined : new ProblemError('attachment_not_found')
}

function isThere (refusal: ProblemError | undefined): refusal is ProblemError {
  return refusal !== undefined
}
