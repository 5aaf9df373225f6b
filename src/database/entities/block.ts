import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/**
 * That one of two users has blocked the other, as it stands with one of them; there is an item with either, so that one read
 * tells all that concerns a user.
 *
 * - `blockedAt`: when this user blocked the other (ms since the epoch).
 * - `blockedBy`: the other has blocked this user.
 *
 * The head of their conversation, where there is one, says the same: what enforces it.
 */
export function createBlockEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'block', version: '1' },
    attributes: {
      userId: { type: 'string', required: true },
      otherId: { type: 'string', required: true },
      blockedAt: { type: 'number' },
      blockedBy: { type: 'boolean' }
    },
    indexes: {
      block: {
        pk: { field: 'pk', composite: ['userId'], template: 'blocks#${userId}', casing: 'none' },
        sk: { field: 'sk', composite: ['otherId'], template: 'user#${otherId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type BlockItem = EntityItem<ReturnType<typeof createBlockEntity>>
