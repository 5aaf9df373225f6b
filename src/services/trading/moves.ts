import type { Direct } from '../../database/direct/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import type { Place } from '../messaging/advance.js'
import type { Append, Composition } from '../messaging/append.js'
import { pairOf } from '../messaging/pair.js'
import { expiryTimer } from './expiry-timers.js'
import { standing, type Move } from './negotiation.js'
import { movesOf, storeMove } from './offers.js'

/** In whose name a move is made, and what is said with it. */
export interface Said {
  senderId: string
  text?: string
  clientId?: string
  idempotencyKey?: string
  /** What is asked for: the key is good for the same again. */
  asked: readonly unknown[]
}

/**
 * Writes the next move of an offer with its message, which is told.
 * @param offer as it was read last
 * @param next the move for the offer as it is at a time; what it throws ends the attempt
 * @returns the offer as it is with the move and the message that tells of it, also if the same key made it earlier
 * @throws ProblemError as sending does
 */
export type MakeMove = (offer: TradeOfferItem, said: Said, next: (offer: TradeOfferItem, at: number) => Move) =>
Promise<{ offer: TradeOfferItem, message: MessageItem, replayed: boolean }>

export function createMakeMove (append: Append): MakeMove {
  /**
   * The offers that moves of this process wait in line for, as last seen: whoever comes too late is refused without a
   * write, and so in time.
   */
  const lines = new Map<string, { known: TradeOfferItem, length: number }>()

  return async (offer, { senderId, text, clientId, idempotencyKey, asked }, next) => {
    const { messageId: offerId } = offer
    const receiverId = senderId === offer.senderId ? offer.receiverId : offer.senderId
    const line = lines.get(offerId) ?? { known: offer, length: 0 }
    lines.set(offerId, line)
    line.length++
    const learn = (found: TradeOfferItem) => { if (found.version > line.known.version) line.known = found }
    learn(offer)

    function compose ({ seq, at }: Place): Composition {
      const { known } = line
      const move = next(known, at)
      const moved = storeMove(known, known.moves, move, { seq, text })
      const { revision } = standing(movesOf(moved))
      return {
        content: { messageType: 'tradeResponse', text, offerId, action: move.action, revision, clientId },
        offer: moved,
        beside: [
          {
            write: direct => direct.tradeOffer.put(moved, { equal: { version: known.version } }),
            refused: found => { line.known = found as TradeOfferItem }
          },
          // The timer of terms that run out at the same time goes on.
          ...(moved.expiresAt === known.expiresAt ? [] : [{ write: (direct: Direct) => direct.work.put(expiryTimer(moved, at)), refused: () => {} }])
        ]
      }
    }

    try {
      const { offer: moved, message, replayed } = await append({ pair: pairOf(senderId, receiverId), senderId, receiverId, compose, idempotencyKey, asked })
      if (moved === undefined) throw new Error(`The move in ${offerId} was told without its offer`)
      if (!replayed) learn(moved)
      return { offer: moved, message, replayed }
    } finally {
      if (--line.length === 0) lines.delete(offerId)
    }
  }
}
