import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'

/** What the indexes hold of an offer besides keys, by its names in the table: what a list shows. Nothing else in the table may be named so. */
export const listedFields = ['from', 'to', 'type', 'status', 'turn', 'until', 'rev', 'last', 'terms']

const listedAttributes = ['senderId', 'receiverId', 'tradeType', 'status', 'awaiting', 'expiresAt', 'revision', 'updatedAt', 'terms'] as const

const place = '${createdAt}#${messageId}'

/**
 * A trade offer, keyed by the id of the message that opened it, with its moves so far. All else about it follows from the
 * moves and repeats what lists show and filter by: the indexes hold it, without the moves. An offer is `open` until nobody's move
 * is awaited, and stays so when its terms run out, until that is recorded.
 *
 * Money and energy are integers: `price` in 10⁻⁵ currency units per kWh, `amount` in Wh. Times are ms since the epoch.
 * `terms` are those on the table, or last on it, `by` whom; their expiry is `expiresAt`, and `updatedAt` the time of the last move.
 * `version` counts the moves: a move is written on condition that it is the next one.
 *
 * The attributes have short names in the table, so that an offer of three counters and its acceptance weigh less than 1 KB.
 */
export function createTradeOfferEntity (configuration: EntityConfiguration) {
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
      expiresAt: { type: 'number', required: true, field: 'until' },
      stage: { type: ['open', 'closed'] as const, required: true, field: 'g' },
      revision: { type: 'number', required: true, field: 'rev' },
      updatedAt: { type: 'number', required: true, field: 'last' },
      terms: {
        type: 'map',
        required: true,
        properties: {
          by: { type: ['sender', 'receiver'] as const, required: true, field: 'b' },
          price: { type: 'number', required: true, field: 'p' },
          currency: { type: 'string', required: true, field: 'c' },
          amount: { type: 'number', required: true, field: 'q' },
          startAt: { type: 'number', required: true, field: 's' },
          endAt: { type: 'number', field: 'e' }
        }
      },
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
        projection: listedAttributes,
        pk: { field: 'gsi1pk', composite: ['senderId', 'stage'], template: 'offers#${senderId}#${stage}', casing: 'none' },
        sk: { field: 'gsi1sk', composite: ['createdAt', 'messageId'], template: place, casing: 'none' }
      },
      byReceiver: {
        index: 'gsi2',
        projection: listedAttributes,
        pk: { field: 'gsi2pk', composite: ['receiverId', 'stage'], template: 'offers#${receiverId}#${stage}', casing: 'none' },
        sk: { field: 'gsi2sk', composite: ['createdAt', 'messageId'], template: place, casing: 'none' }
      }
    }
  }, configuration)
}

export type TradeOfferItem = EntityItem<ReturnType<typeof createTradeOfferEntity>>

/** An offer without its moves. */
export type ListedOffer = Omit<TradeOfferItem, 'moves' | 'version' | 'stage'>

/** An offer as one of its indexes brings it. */
export interface RawListedOffer extends Pick<TradeOfferItem, 'status'> {
  gsi1sk?: string
  gsi2sk?: string
  from: string
  to: string
  type: TradeOfferItem['tradeType']
  turn: TradeOfferItem['awaiting']
  until: number
  rev: number
  last: number
  terms: { b: 'sender' | 'receiver', p: number, c: string, q: number, s: number, e?: number }
}

/** Where an offer is in the index that brought it: places sort by time of creation, then by id. */
export function placeOf ({ gsi1sk, gsi2sk = '' }: RawListedOffer): string {
  return gsi1sk ?? gsi2sk
}

/** Reads an offer that an index brought. */
export function parseListedOffer (raw: RawListedOffer): ListedOffer {
  const { from, to, type, status, turn, until, rev, last } = raw
  const { b: by, p: price, c: currency, q: amount, s: startAt, e: endAt } = raw.terms
  const { createdAt, messageId } = parseOfferPlace(placeOf(raw))
  return {
    messageId,
    createdAt,
    senderId: from,
    receiverId: to,
    tradeType: type,
    status,
    awaiting: turn,
    expiresAt: until,
    revision: rev,
    updatedAt: last,
    terms: { by, price, currency, amount, startAt, endAt }
  }
}

/** What a place says. */
export function parseOfferPlace (place: string): Pick<TradeOfferItem, 'createdAt' | 'messageId'> {
  const end = place.indexOf('#')
  return { createdAt: Number(place.slice(0, end)), messageId: place.slice(end + 1) }
}
