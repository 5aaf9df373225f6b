import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * What a user has of attachments: how many bytes were announced on a day (`2026-11-22`, UTC), and the ids of those that were announced last, all
 * that are pending among them.
 */
export function createAttachmentCountEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'attachmentCount', version: '1' },
    attributes: {
      ownerId: { type: 'string', required: true },
      day: { type: 'string', required: true },
      bytes: { type: 'number', required: true },
      attachmentIds: { type: 'list', items: { type: 'string' }, required: true },
      version: { type: 'number', required: true },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      count: {
        pk: { field: 'pk', composite: ['ownerId'], template: 'attachments#${ownerId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'count', casing: 'none' }
      }
    }
  }, configuration)
}

export type AttachmentCountItem = EntityItem<ReturnType<typeof createAttachmentCountEntity>>
