import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import type { IndexKeys } from '../index-keys.js'

/**
 * A trade offer, keyed by the id of the message that opened it, with its moves so far. All else about it follows from the
 * moves; `status`, `awaiting` and `expiresAt` repeat what listings filter by, because the indexes hold nothing but keys.
 *
 * Money and energy are integers: `price` in 10⁻⁵ currency units per kWh, `amount` in Wh. Times are ms since the epoch.
 * `version` counts the moves: a move is written on condition that it is the next one.
 *
 * The attributes have short names in the table, so that an offer of three counters and its acceptance weigh less than 1 KB.
 */
export function createTradeOfferEntity (configuration: EntityConfiguration) {
  const place = '${createdAt}#${messageId}#${tradeType}#${awaiting}#${expiresAt}'
  return new Entity({
    model: { service: 'equilux-chat', entity: 'tradeOffer', version: '1' },
    attributes: {
      messageId: { type: 'string', required: true, field: 'id' },
      senderId: { type: 'string', required: true, field: 'from' },
      receiverId: { type: 'string', required: true, field: 'to' },
      tradeType: { type: ['sell', 'buy'] as const, required: true, field: 'type' },
      status: { type: ['pending', 'countered', 'accepted', 'rejected', 'withdrawn', 'expired'] as const, required: true },
      awaiting: { type: ['sender', 'receiver', 'nobody'] as const, required: true, field: 'turn' },
      createdAt: { type: 'number', required: true, field: 'made', padding: { length: 15, char: '0' } },
      expiresAt: { type: 'number', required: true, field: 'until', padding: { length: 15, char: '0' } },
      version: { type: 'number', required: true, field: 'v' },
      moves: {
        type: 'list',
        required: true,
        field: 'm',
        items: {
          type: 'map',
          properties: {
            action: { type: ['offer', 'counter', 'accept', 'reject', 'withdraw', 'expire'] as const, required: true, field: 'a' },
            by: { type: ['sender', 'receiver', 'time'] as const, required: true, field: 'b' },
            at: { type: 'number', required: true, field: 't' },
            seq: { type: 'number', required: true, field: 'n' },
            text: { type: 'string', field: 'x' },
            price: { type: 'number', field: 'p' },
            currency: { type: 'string', field: 'c' },
            amount: { type: 'number', field: 'q' },
            startAt: { type: 'number', field: 's' },
            endAt: { type: 'number', field: 'e' },
            expiresAt: { type: 'number', field: 'u' }
          }
        }
      }
    },
    indexes: {
      offer: {
        pk: { field: 'pk', composite: ['messageId'], template: 'offer#${messageId}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'offer', casing: 'none' }
      },
      bySender: {
        index: 'gsi1',
        projection: 'keys_only',
        pk: { field: 'gsi1pk', composite: ['senderId', 'status'], template: 'offers#${senderId}#${status}', casing: 'none' },
        sk: {
          field: 'gsi1sk',
          composite: ['createdAt', 'messageId', 'tradeType', 'awaiting', 'expiresAt', 'receiverId'],
          template: `${place}#\${receiverId}`,
          casing: 'none'
        }
      },
      byReceiver: {
        index: 'gsi2',
        projection: 'keys_only',
        pk: { field: 'gsi2pk', composite: ['receiverId', 'status'], template: 'offers#${receiverId}#${status}', casing: 'none' },
        sk: {
          field: 'gsi2sk',
          composite: ['createdAt', 'messageId', 'tradeType', 'awaiting', 'expiresAt', 'senderId'],
          template: `${place}#\${senderId}`,
          casing: 'none'
        }
      }
    }
  }, configuration)
}

export type TradeOfferItem = EntityItem<ReturnType<typeof createTradeOfferEntity>>

/** An offer as the keys of its index tell of it. */
export interface OfferKeys {
  /** Sorts by time of creation, then by id. */
  place: string
  messageId: string
  tradeType: string
  awaiting: 'sender' | 'receiver' | 'nobody'
  /** ms since the epoch. */
  expiresAt: number
  /** The other party than the one whose index it is. */
  otherId: string
}

/**
 * What the sort key of an index says.
 * @param role of the party whose index it is
 */
export function parseOfferKeys ({ gsi1sk = '', gsi2sk = '' }: IndexKeys, role: 'sender' | 'receiver'): OfferKeys {
  const key = role === 'sender' ? gsi1sk : gsi2sk
  const [createdAt = '', messageId = '', tradeType = '', awaiting = 'nobody', expiresAt, otherId = ''] = key.split('#')
  return {
    place: `${createdAt}#${messageId}`, messageId, tradeType, awaiting: awaiting as OfferKeys['awaiting'], expiresAt: Number(expiresAt), otherId
  }
}

/** The attributes of an index's sort key that make up a place. */
export function parseOfferPlace (place: string): { createdAt: number, messageId: string } {
  const [createdAt, messageId = ''] = place.split('#')
  return { createdAt: Number(createdAt), messageId }
}
