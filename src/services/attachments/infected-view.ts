import type { InfectedAttachment } from '../../../schemas/attachment.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'

/** An infected attachment as moderators see it; nothing where it is none, or what it was called has been erased. */
export function showInfectedAttachment (item: AttachmentItem): InfectedAttachment | undefined {
  const { attachmentId, ownerId, receiverId, conversationId, state, fileName, mediaType, size, sha256, createdAt } = item
  if (state !== 'infected' || fileName === undefined || sha256 === undefined) return undefined
  return {
    attachmentId, senderId: ownerId, receiverId, conversationId, fileName, mediaType, size, sha256, createdAt: new Date(createdAt).toISOString()
  }
}
