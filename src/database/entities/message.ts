import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/**
 * A message, keyed by its place in the conversation. It is written once and never changes, until its sender is erased:
 * then what it said and was called goes, and its files.
 *
 * `senderCount` says how many messages its sender had sent in the conversation, this one included: with it the messages
 * of the other up to any `seq` are `seq - senderCount` without counting them.
 *
 * `via` is the name of the integration that wrote it for its sender.
 *
 * `attachments` are its files, as they were announced.
 *
 * `clientId` is the name that the sender's client gave it.
 *
 * A trade move has `offerId`, `action` and `revision`; `offerId` is the id of the message that opened the negotiation.
 */
export function createMessageEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'message', version: '1' },
    attributes: {
      conversationId: { type: 'string', required: true },
      seq: { type: 'number', required: true, padding: { length: 12, char: '0' } },
      messageId: { type: 'string', required: true },
      senderId: { type: 'string', required: true },
      receiverId: { type: 'string', required: true },
      senderCount: { type: 'number', required: true },
      messageType: { type: ['text', 'tradeOffer', 'tradeResponse'] as const, required: true },
      text: { type: 'string' },
      offerId: { type: 'string' },
      action: { type: ['offer', 'counter', 'accept', 'reject', 'withdraw', 'expire'] as const },
      revision: { type: 'number' },
      via: { type: 'string' },
      clientId: { type: 'string', field: 'cid' },
      attachments: {
        type: 'list',
        items: {
          type: 'map',
          properties: {
            attachmentId: { type: 'string', required: true },
            fileName: { type: 'string', required: true },
            mediaType: { type: 'string', required: true },
            size: { type: 'number', required: true },
            sha256: { type: 'string', required: true },
            width: { type: 'number' },
            height: { type: 'number' },
            thumbHash: { type: 'string' },
            sealed: { type: 'boolean' }
          }
        }
      },
      erased: { type: 'boolean' },
      timestamp: { type: 'string', required: true }
    },
    indexes: {
      timeline: {
        pk: { field: 'pk', composite: ['conversationId'], template: 'messages#${conversationId}', casing: 'none' },
        sk: { field: 'sk', composite: ['seq'], template: 'message#${seq}', casing: 'none' }
      }
    }
  }, configuration)
}

export type MessageItem = EntityItem<ReturnType<typeof createMessageEntity>>
