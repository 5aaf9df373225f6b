import type { Direct } from '../../database/direct/index.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'
import { conditionFailure, isTransactionConflict } from '../../database/faults.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Condemn } from './condemn.js'
import type { Scan } from './scan.js'

/**
 * Looks at an attachment for malware.
 * @returns why it can't be had: attachment_scanning (not yet), attachment_unavailable (it is infected, and known to be from now on; or that is never known of one that was
 * sent), attachment_type_not_allowed (that is never known)
 * @throws ProblemError storage_unavailable, database_unavailable
 */
export type Inspect = (attachment: AttachmentItem) => Promise<ProblemError | undefined>

/** When attachments are looked at. */
export interface Inspections {
  /** Before a message gets it, once its bytes are known to be those that were announced. */
  beforeBinding: Inspect
  /**
   * Before its bytes are handed out, where the store has a scanner of its own: that may have been switched on later than the message was sent, and may change its mind
   * until it is asked the first time. A good verdict is kept then (1 WCU), and not asked for again.
   */
  beforeDownload: Inspect
}

/** When to ask again, in seconds. */
const comeAgain = { clamd: 2, tag: 5 }

const passes: Inspect = async () => undefined

/** Where nothing is looked at. */
export const inspectNothing: Inspections = { beforeBinding: passes, beforeDownload: passes }

/** @param setting ATTACHMENT_SCAN */
export function createInspections (setting: string, { direct, scan, condemn }: { direct: Direct, scan: Scan, condemn: Condemn }): Inspections {
  const seconds = setting === 'tag' ? comeAgain.tag : comeAgain.clamd

  async function inspect (attachment: AttachmentItem): Promise<ProblemError | undefined> {
    const { attachmentId, state } = attachment
    const verdict = await scan({ key: attachmentId })
    if (verdict === undefined) return new ProblemError('attachment_scanning', undefined, { headers: { 'retry-after': String(seconds) } })
    if (verdict === 'clean') return undefined
    if (verdict === 'unscannable') return new ProblemError(state === 'pending' ? 'attachment_type_not_allowed' : 'attachment_unavailable')
    await condemn(attachment)
    return new ProblemError('attachment_unavailable')
  }

  async function keep ({ attachmentId, state }: AttachmentItem): Promise<ProblemError | undefined> {
    try {
      await direct.attachment.change({ attachmentId }, { verdict: 'clean' }, { equal: { state } })
    } catch (error) {
      if (conditionFailure(error) !== undefined) return new ProblemError('attachment_unavailable')
      // It is asked for again the next time.
      if (!isTransactionConflict(error)) throw error
    }
    return undefined
  }

  if (setting === 'off') return inspectNothing
  if (setting !== 'tag') return { beforeBinding: inspect, beforeDownload: passes }
  return {
    beforeBinding: inspect,
    beforeDownload: async attachment => attachment.verdict === 'clean' ? undefined : await inspect(attachment) ?? await keep(attachment)
  }
}
