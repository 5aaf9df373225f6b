import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * A file that a user sends another. It is `pending` until a message has it, whose place is `seq`, and goes by itself (`ttl`) if none ever has;
 * then it stays `bound`, becomes `infected` when a scanner says so, or `erased` when its owner is: in both its bytes are gone. `verdict` is what
 * the scanner said. What it is called and its digest are there until it is erased. `fingerprint` is of what was asked for with an Idempotency-Key, from which its id follows.
 */
export function createAttachmentEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'attachment', version: '1' },
    attributes: {
      attachmentId: { type: 'string', required: true },
      ownerId: { type: 'string', required: true },
      receiverId: { type: 'string', required: true },
      conversationId: { type: 'string', required: true },
      state: { type: ['pending', 'bound', 'infected', 'erased'] as const, required: true },
      seq: { type: 'number' },
      fileName: { type: 'string' },
      mediaType: { type: 'string', required: true },
      size: { type: 'number', required: true },
      sha256: { type: 'string' },
      width: { type: 'number' },
      height: { type: 'number' },
      thumbHash: { type: 'string' },
      sealed: { type: 'boolean' },
      verdict: { type: ['clean', 'infected'] as const },
      createdAt: { type: 'number', required: true },
      fingerprint: { type: 'string' },
      ttl: { type: 'number', field: ttlAttribute }
    },
    indexes: {
      attachment: {
        pk: { field: 'pk', composite: ['attachmentId'], template: 'attachment#${attachmentId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'attachment', casing: 'none' }
      }
    }
  }, configuration)
}

export type AttachmentItem = EntityItem<ReturnType<typeof createAttachmentEntity>>
