import type { Direct } from '../database/direct/index.js'
import { isTransactionConflict } from '../database/faults.js'
import { markKey } from '../database/entities/work.js'
import type { MessageItem } from '../database/entities/message.js'
import type { TradeOfferItem } from '../database/entities/trade-offer.js'
import { asOf } from '../services/trading/offers.js'
import { attempts } from '../shared/backoff.js'
import type { Clock } from '../shared/clock.js'
import type { Claimed, Claims } from './claims.js'

/** A message, and for a move in a negotiation the offer as it was with it. */
export interface RelayedEvent {
  message: MessageItem
  offer?: TradeOfferItem
}

/** Somebody else who is told what happens. */
export interface Consumer {
  /** Whether it is to be told of a message. Asked before the message is written, and at once. */
  wants: (message: MessageItem) => boolean
  /**
   * Is told of each message that it wanted at least once, in order within a conversation, and maybe of others. It only writes to the
   * table, and what it does twice takes effect once. What it throws is logged; it is told again after a pause.
   */
  handle: (event: RelayedEvent) => Promise<void>
}

/** How many messages are read at a time. */
const batch = 100

/** Tells consumers what marks say is to be told. */
export class Relay {
  constructor (private readonly direct: Direct, private readonly claims: Claims, private readonly clock: Clock, private readonly consumers: readonly Consumer[]) {}

  /** Whether anybody wants to be told of a message. */
  wants (message: MessageItem): boolean {
    return this.consumers.some(consumer => consumer.wants(message))
  }

  /**
   * Tells what is untold of a conversation. A mark costs 2 WCU besides what it is read and told for: 1 RCU for every 4 KB of the messages,
   * and one for each offer.
   * @returns how many messages were told; undefined if there is no mark or somebody else is at it
   * @throws what a consumer throws, after the mark was let rest
   */
  async work (conversationId: string): Promise<number | undefined> {
    let told: number | undefined
    for (;;) {
      const mark = await this.claims.claim(markKey(conversationId))
      if (mark === undefined) return told
      try {
        told = (told ?? 0) + await this.#tell(mark)
        // What came meanwhile is told at once.
        if (await this.#acknowledge(mark)) return told
      } catch (error) {
        await this.claims.fail(mark)
        throw error
      }
    }
  }

  async #tell ({ subject: conversationId, untold = 1, upTo = 0 }: Claimed): Promise<number> {
    for (let seq = untold; seq <= upTo;) {
      const { items } = await this.direct.message.between({ conversationId, seq }, { conversationId, seq: upTo }, { limit: batch, order: 'asc' })
      if (items[0]?.seq !== seq) throw new Error(`Message ${conversationId} ${seq} is marked and not there`)
      const offers = await this.#offers(items)
      for (const message of items) {
        const offer = offers.get(message.offerId ?? '')
        if (message.offerId !== undefined && offer === undefined) throw new Error(`Offer ${message.offerId} is not there`)
        const event = { message, ...(offer && { offer: asOf(offer, message.seq) }) }
        for (const consumer of this.consumers) await consumer.handle(event)
        seq = message.seq + 1
      }
    }
    return upTo - untold + 1
  }

  async #offers (messages: MessageItem[]): Promise<Map<string, TradeOfferItem>> {
    const ids = new Set(messages.flatMap(({ offerId }) => offerId ?? []))
    const offers = await this.direct.tradeOffer.getAll([...ids].map(messageId => ({ messageId })), { consistent: true })
    return new Map(offers.map(offer => [offer.messageId, offer]))
  }

  /** Removes a mark, or where more came meanwhile moves it on. @returns whether nothing is left to be told here */
  async #acknowledge (mark: Claimed): Promise<boolean> {
    const { upTo = 0, claimedUntil } = mark
    for await (const _ of attempts()) {
      try {
        if (await this.claims.settle(this.direct.work.remove(mark, { equal: { upTo, claimedUntil } }))) return true
        const moved = this.direct.work.update(mark, { untold: upTo + 1, markedAt: this.clock.now() }, { equal: { claimedUntil } }, ['claimedUntil', 'attempt'])
        // Where the claim has ended somebody else is at it, and tells it again.
        return !await this.claims.settle(moved)
      } catch (error) {
        if (!isTransactionConflict(error)) throw error
      }
    }
    throw new Error(`The mark on ${mark.subject} could not be acknowledged: it was written to all the time`)
  }
}
