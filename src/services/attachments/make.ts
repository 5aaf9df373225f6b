import { createHash, randomBytes } from 'node:crypto'
import { mediaTypes, sealedMediaType, type AttachmentUpload, type MakeAttachment } from '../../../schemas/attachment.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'
import type { Direct } from '../../database/direct/index.js'
import { databaseUnavailable } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import type { ObjectStore } from '../../storage/object-store.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { MayWrite } from '../contact/may-write.js'
import { pairOf } from '../messaging/pair.js'
import { isGone, pendingFor } from './lifetime.js'
import type { CountOneMore } from './quota.js'

/** How long a URL is good for uploading, in ms. */
const uploadFor = 15 * 60 * 1000

/**
 * Announces a file, whose bytes can be uploaded then. The same key and body again give the same attachment with a fresh URL: so an upload is
 * taken up again. Costs 1 RCU for the count, 1 for the key, 1 where the conversation's head isn't remembered; and 4 WCU, 2 more for every KB that the description has
 * beyond the first.
 * @throws ProblemError attachment_too_large, attachment_type_not_allowed, attachment_quota, attachment_unavailable, idempotency_key_reused, and as writing to the user does
 */
export type Make = (ownerId: string, body: MakeAttachment, idempotencyKey?: string) => Promise<{ upload: AttachmentUpload, replayed: boolean }>

/** @param options.maxMebibytes how large a file may be */
export function createMake ({ direct, storage, mayWrite, countOneMore, announced, maxMebibytes, clock }: {
  direct: Direct, storage: ObjectStore, mayWrite: MayWrite, countOneMore: CountOneMore, announced: (bytes: number) => void, maxMebibytes: number, clock: Clock
}): Make {
  /** Writes an item and counts it. @param known what it takes the place of @returns what is there, which may be another one of the same key */
  async function write (item: AttachmentItem, known: AttachmentItem | undefined): Promise<{ item: AttachmentItem, isNew: boolean }> {
    const { attachmentId, ownerId } = item
    for await (const _ of attempts()) {
      const count = await direct.attachmentCount.get({ ownerId }, { consistent: true })
      const refusals = await direct.transact([
        direct.attachment.put(item, known === undefined ? { absent: true } : { equal: { state: 'pending', createdAt: known.createdAt } }),
        direct.attachmentCount.put(await countOneMore(count, item), count === undefined ? { absent: true } : { equal: { version: count.version } })
      ])
      if (refusals === undefined) return { item, isNew: true }
      if (refusals[0]?.code !== 'ConditionalCheckFailed') continue
      const there = await direct.attachment.get({ attachmentId }, { consistent: true })
      // Under a random id it is this one: the answer to an earlier attempt was lost.
      if (there !== undefined) return { item: there, isNew: there.fingerprint === undefined }
    }
    throw databaseUnavailable()
  }

  async function invite ({ attachmentId, mediaType, size, sha256 = '' }: AttachmentItem): Promise<AttachmentUpload> {
    const expiresAt = clock.now() + uploadFor
    const { url, headers } = await storage.signUpload({ key: attachmentId, mediaType, size, sha256 }, expiresAt)
    return { attachmentId, upload: { method: 'PUT', url, headers, expiresAt: new Date(expiresAt).toISOString() } }
  }

  async function replay (item: AttachmentItem, fingerprint: string | undefined) {
    if (isGone(item)) throw new ProblemError('attachment_unavailable')
    if (item.fingerprint !== fingerprint) throw new ProblemError('idempotency_key_reused')
    return { upload: await invite(item), replayed: true }
  }

  return async (ownerId, given, idempotencyKey) => {
    const body = { ...given, sha256: inBase64(given.sha256) }
    const { to: receiverId, ...described } = body
    const pair = pairOf(ownerId, receiverId)
    judge(described, maxMebibytes)
    const named = idempotencyKey === undefined ? { attachmentId: randomBytes(16).toString('hex'), fingerprint: undefined } : nameOf(ownerId, idempotencyKey, body)
    const known = idempotencyKey === undefined ? undefined : await direct.attachment.get(named, { consistent: true })
    const now = clock.now()
    const hasRunOut = known?.state === 'pending' && now >= (known.ttl ?? 0) * 1000
    if (known !== undefined && !hasRunOut) return await replay(known, named.fingerprint)
    await mayWrite(pair, ownerId, receiverId)
    const { conversationId } = pair
    const ttl = Math.ceil((now + pendingFor) / 1000)
    const written = await write({ ...named, ownerId, receiverId, conversationId, state: 'pending', ...described, createdAt: now, ttl }, known)
    if (written.isNew) announced(described.size)
    return written.isNew ? { upload: await invite(written.item), replayed: false } : await replay(written.item, named.fingerprint)
  }
}

/** A SHA-256 in base64, were it in hexadecimal before. */
function inBase64 (sha256: string): string {
  return sha256.length === 64 ? Buffer.from(sha256, 'hex').toString('base64') : sha256
}

/** @throws ProblemError attachment_too_large, attachment_type_not_allowed */
function judge ({ size, mediaType, sealed }: Pick<MakeAttachment, 'size' | 'mediaType' | 'sealed'>, maxMebibytes: number): void {
  if (size > maxMebibytes * 1024 * 1024) throw new ProblemError('attachment_too_large', { id: 'attachment_mebibytes', max: maxMebibytes })
  const isAllowed = sealed === true ? mediaType === sealedMediaType : mediaTypes.has(mediaType)
  if (!isAllowed) throw new ProblemError('attachment_type_not_allowed')
}

/** The id of the attachment that a key makes, always the same, and what tells whether the same is asked for. */
function nameOf (ownerId: string, idempotencyKey: string, { to, fileName, mediaType, size, sha256, width, height, thumbHash, sealed }: MakeAttachment) {
  const digest = (...parts: unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return {
    attachmentId: digest(ownerId, idempotencyKey).slice(0, 32),
    fingerprint: digest(to, fileName, mediaType, size, sha256, width, height, thumbHash, sealed)
  }
}
