import type { SendTradeOffer } from '../../../schemas/message.js'
import type { Enclosure } from '../attachments/enclose.js'
import type { Append, Appended } from '../messaging/append.js'
import { pairOf } from '../messaging/pair.js'
import { expiryTimer } from './expiry-timers.js'
import { storeMove } from './offers.js'
import { openingTerms } from './terms.js'

/**
 * Opens a negotiation; its offer is stored with the message, and a timer for when it runs out. Costs 10 WCU, and 2 for each file.
 * @throws ProblemError validation_failed, and as sending does
 */
export type OpenTrade = (senderId: string, receiverId: string, body: SendTradeOffer, options: { enclosed?: Enclosure, idempotencyKey?: string }) => Promise<Appended>

/** @param currency for terms that name none */
export function createOpenTrade ({ append, currency }: { append: Append, currency: string }): OpenTrade {
  return async (senderId, receiverId, body, { enclosed, idempotencyKey }) => {
    const { text, clientId, tradeType = 'sell' } = body
    return await append({
      pair: pairOf(senderId, receiverId),
      senderId,
      receiverId,
      idempotencyKey,
      asked: ['tradeOffer', body],
      compose ({ messageId, seq, at }) {
        const files = enclosed?.at(seq)
        const terms = openingTerms(body, { currency, now: at })
        const opened = storeMove({ messageId, senderId, receiverId, tradeType }, [], { action: 'offer', by: 'sender', at, terms }, { seq, text })
        return {
          content: { messageType: 'tradeOffer', text, attachments: files?.attachments, offerId: messageId, action: 'offer', revision: 1, clientId },
          offer: opened,
          beside: [
            { write: direct => direct.tradeOffer.put(opened, { absent: true }), refused: () => {} },
            { write: direct => direct.work.put(expiryTimer(opened, at)), refused: () => {} },
            ...files?.beside ?? []
          ]
        }
      }
    })
  }
}
