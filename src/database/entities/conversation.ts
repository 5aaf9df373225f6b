import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/**
 * The head of a conversation: one item a pair of users, `firstId` being the one that sorts first.
 *
 * - `firstSent`, `secondSent`: how many messages each has sent; they add up to `seq`.
 * - `firstReadSeq`, `firstReadCount`: up to where the first has read, and how many messages of the second that was.
 * - `firstReadAt`: when that position last moved (ms since the epoch).
 * - `firstBlocked`: when the first blocked the second (ms since the epoch); while either is there nothing is appended but what ends an offer.
 * - `firstMutedUntil`: until when the first wants to hear nothing of it (ms since the epoch).
 * - `firstSetAt`: when the first last blocked, unblocked, muted or unmuted (ms since the epoch).
 * - `offered`: the one who has written, while the other has not, has made an offer.
 * - `introduced`: an integration has written into it, so that both may.
 * - `firstErasedTo`: up to which message what the first has said is erased.
 * - `indexedAt`: when the index keys were last written (ms since the epoch). It follows the last message with a delay,
 *   so that an active conversation doesn't pay for two index writes a message.
 *
 * Keys keep their letter case: ElectroDB would lower-case them, and `Bob` and `bob` are two users.
 */
export function createConversationEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'conversation', version: '1' },
    attributes: {
      conversationId: { type: 'string', required: true },
      firstId: { type: 'string', required: true },
      secondId: { type: 'string', required: true },
      seq: { type: 'number', required: true },
      firstSent: { type: 'number', required: true },
      secondSent: { type: 'number', required: true },
      firstReadSeq: { type: 'number' },
      firstReadCount: { type: 'number' },
      firstReadAt: { type: 'number' },
      secondReadSeq: { type: 'number' },
      secondReadCount: { type: 'number' },
      secondReadAt: { type: 'number' },
      firstBlocked: { type: 'number' },
      firstMutedUntil: { type: 'number' },
      firstSetAt: { type: 'number' },
      secondBlocked: { type: 'number' },
      secondMutedUntil: { type: 'number' },
      secondSetAt: { type: 'number' },
      offered: { type: 'boolean' },
      introduced: { type: 'boolean' },
      firstErasedTo: { type: 'number' },
      secondErasedTo: { type: 'number' },
      indexedAt: { type: 'number', required: true, padding: { length: 15, char: '0' } },
      lastMessage: {
        type: 'map',
        required: true,
        properties: {
          senderId: { type: 'string', required: true },
          messageType: { type: ['text', 'tradeOffer', 'tradeResponse'] as const, required: true },
          text: { type: 'string' },
          attachments: { type: 'number' },
          action: { type: ['offer', 'counter', 'accept', 'reject', 'withdraw', 'expire'] as const },
          revision: { type: 'number' },
          timestamp: { type: 'string', required: true }
        }
      }
    },
    indexes: {
      head: {
        pk: { field: 'pk', composite: ['conversationId'], template: 'conversation#${conversationId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'head', casing: 'none' }
      },
      byFirst: {
        index: 'gsi1',
        projection: 'keys_only',
        pk: { field: 'gsi1pk', composite: ['firstId'], template: 'conversations#${firstId}', casing: 'none' },
        sk: { field: 'gsi1sk', composite: ['indexedAt', 'secondId'], template: '${indexedAt}#${secondId}', casing: 'none' }
      },
      bySecond: {
        index: 'gsi2',
        projection: 'keys_only',
        pk: { field: 'gsi2pk', composite: ['secondId'], template: 'conversations#${secondId}', casing: 'none' },
        sk: { field: 'gsi2sk', composite: ['indexedAt', 'firstId'], template: '${indexedAt}#${firstId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type ConversationItem = EntityItem<ReturnType<typeof createConversationEntity>>

/** Where a conversation stands in the index of one of its members. */
export interface IndexPlace {
  /** When the index keys were written, in ms since the epoch. */
  indexedAt: number
  /** The other member. */
  otherId: string
}

/** Reads a sort key of `byFirst` or `bySecond`. */
export function parseIndexSortKey (key: string): IndexPlace {
  const end = key.indexOf('#')
  return { indexedAt: Number(key.slice(0, end)), otherId: key.slice(end + 1) }
}
