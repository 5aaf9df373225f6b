import type { AttachmentItem } from '../../database/entities/attachment.js'
import type { ObjectStore } from '../../storage/object-store.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Inspect } from './inspections.js'
import { agrees, sniffedBytes } from './sniff.js'

/**
 * Looks at what was uploaded: one request for what it is, one for how it begins, and then for malware.
 * @returns why no message can have it: attachment_not_uploaded, attachment_mismatch, attachment_scanning, attachment_unavailable
 * @throws ProblemError storage_unavailable
 */
export type Check = (item: AttachmentItem) => Promise<ProblemError | undefined>

/** @param inspect looks at what is as it should be for malware */
export function createCheck (storage: ObjectStore, inspect: Inspect): Check {
  async function compare ({ attachmentId: key, mediaType, size, sha256, sealed }: AttachmentItem): Promise<ProblemError | undefined> {
    const found = await storage.head(key)
    if (found === undefined) return new ProblemError('attachment_not_uploaded')
    if (found.size !== size || found.sha256 !== sha256) return new ProblemError('attachment_mismatch')
    if (sealed === true) return undefined
    const start = await storage.readStart(key, sniffedBytes)
    return await agrees(mediaType, start, size <= sniffedBytes) ? undefined : new ProblemError('attachment_mismatch', { id: 'attachment_type', mediaType })
  }

  return async item => await compare(item) ?? await inspect(item)
}
