import type { Attachment, MessageAttachment } from '../../../schemas/attachment.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'

/** What its sender says of a file. */
function describe ({ fileName = '', mediaType, size, sha256 = '', width, height, thumbHash, sealed }: AttachmentItem) {
  return {
    fileName,
    mediaType,
    size,
    sha256,
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(thumbHash !== undefined && { thumbHash }),
    ...(sealed === true && { sealed })
  }
}

/** A file as a message has it. */
export function showMessageAttachment (item: AttachmentItem): MessageAttachment {
  return { attachmentId: item.attachmentId, ...describe(item) }
}

/** A file as its two users see it. @param download where its bytes are, if they may be had */
export function showAttachment (item: AttachmentItem, download?: Attachment['download']): Attachment {
  const { attachmentId, ownerId: senderId, receiverId, createdAt } = item
  return { attachmentId, senderId, receiverId, ...describe(item), createdAt: new Date(createdAt).toISOString(), ...(download && { download }) }
}
