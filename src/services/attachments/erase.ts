import type { AttachmentItem } from '../../database/entities/attachment.js'
import type { Direct } from '../../database/direct/index.js'
import { conditionFailure } from '../../database/faults.js'
import type { ObjectStore } from '../../storage/object-store.js'
import { ProblemError } from '../../wire/problem-error.js'

/** What of an item goes with its owner. */
const own = ['fileName', 'sha256', 'width', 'height', 'thumbHash', 'fingerprint'] as const

/** Takes a user's files away. Whatever is done twice changes nothing the second time. */
export interface EraseAttachments {
  /** The bytes of a file of a message, and what it was called: that there was one stays. Costs 1 WCU. @throws ProblemError storage_unavailable */
  bound: (attachmentId: string) => Promise<void>
  /**
   * The files that a user has announced up to a time (ms since the epoch) and no message has. Costs 1 RCU, and 1 RCU and 1 WCU each.
   * @throws ProblemError storage_unavailable
   */
  pending: (ownerId: string, until: number, spend: (units: number) => Promise<void>) => Promise<void>
}

/** @param storage undefined where nothing can be attached any more: what is there can't be taken away then, which is an error */
export function createEraseAttachments (direct: Direct, storage: ObjectStore | undefined): EraseAttachments {
  async function remove (key: string): Promise<void> {
    if (storage === undefined) throw new ProblemError('storage_unavailable', undefined, { cause: new Error('A file is to be erased, and ATTACHMENTS is off') })
    await storage.remove(key)
  }

  /** First the item, then its bytes: as long as something leads to it, whoever goes on does both again. @returns whether the item was as expected */
  async function clear (attachmentId: string, expected: Partial<AttachmentItem>): Promise<boolean> {
    try {
      await direct.write(direct.attachment.update({ attachmentId }, { state: 'erased' }, { equal: expected }, own))
      return true
    } catch (error) {
      if (conditionFailure(error) === undefined) throw error
      return false
    }
  }

  return {
    async bound (attachmentId) {
      await clear(attachmentId, {})
      await remove(attachmentId)
    },

    async pending (ownerId, until, spend) {
      const count = await direct.attachmentCount.get({ ownerId }, { consistent: true })
      const attachmentIds = count?.attachmentIds ?? []
      const found = new Map((await direct.attachment.getAll(attachmentIds.map(attachmentId => ({ attachmentId })), { consistent: true })).map(item => [item.attachmentId, item]))
      await spend(1 + attachmentIds.length)
      for (const attachmentId of attachmentIds) {
        const item = found.get(attachmentId)
        if (item !== undefined && (item.seq !== undefined || item.createdAt > until)) continue
        // One that a message has got meanwhile goes with the message; of one that has run out only the bytes can be left.
        if (item === undefined || await clear(attachmentId, { state: item.state })) await remove(attachmentId)
        await spend(1)
      }
    }
  }
}
