import type { FastifyBaseLogger } from 'fastify'
import type { MessageItem } from '../database/entities/message.js'
import type { TradeOfferItem } from '../database/entities/trade-offer.js'

/** What has happened for good: it is in the table, or has come with time. */
export type Happening =
  /**
   * A message, and for a move in a negotiation the offer as it is with it. It may be told again: `replayed` says that it
   * was there before, told or not. `previousAt` is the time of the message before it, in ms since the epoch, where it is known.
   */
  | { type: 'message', message: MessageItem, offer?: TradeOfferItem, replayed: boolean, previousAt?: number }
  /**
   * A user has read the conversation with another one up to a message, after which so many of the other's are unread; the other may know of the
   * position if the two are acquainted.
   */
  | { type: 'read', userId: string, otherId: string, areAcquainted: boolean, conversationId: string, seq: number, unreadCount: number }
  /** A user has blocked another one. */
  | { type: 'blocked', userId: string, otherId: string }
  /** The terms on the table of an open offer run out in so many hours, and nobody has moved. It may be told again. */
  | { type: 'expiring', offer: TradeOfferItem, hoursLeft: 24 | 1 }

/** Is told of everything that happens. It has no say in it: whatever it throws is logged. */
export type HappeningListener = (happening: Happening) => void | Promise<void>

/** Tells every listener, now that it can't be undone. Never throws, and waits for nobody. */
export type Tell = (happening: Happening) => void

export function createTell (listeners: readonly HappeningListener[], log: FastifyBaseLogger): Tell {
  return happening => {
    for (const listener of listeners) {
      // In an async function also what is thrown at once is a rejection.
      (async () => await listener(happening))().catch(err => log.error({ err, happening: happening.type }, 'a listener failed'))
    }
  }
}
