import type { WebhookEvent } from '../../../schemas/webhook-event.js'
import type { Direct } from '../../database/direct/index.js'
import {
  attachmentOf, offerOf, reportOf, showInfectedEvent, showMessageEvent, showOtherEvent, showReportedEvent, type StoredEvent
} from './events.js'
import type { Told } from '../messaging/message-views.js'

/** Makes of stored events what is sent. */
export interface Payloads {
  /**
   * Reads what a conversation says from one message to another, strongly consistent: 1 RCU for every 4 KB, and 1 for each offer.
   * @returns the first of them that are there, in order
   */
  between: (conversationId: string, first: number, last: number) => Promise<Told[]>
  /**
   * What is sent of an event.
   * @param texts whether the receiver may know what was said
   * @returns nothing where it isn't there any more
   */
  of: (event: StoredEvent, options: { texts: boolean }) => Promise<WebhookEvent | undefined>
}

/** How many messages are read at a time. */
const batch = 25

export function createPayloads (direct: Direct): Payloads {
  async function between (conversationId: string, first: number, last: number): Promise<Told[]> {
    const { items } = await direct.message.between({ conversationId, seq: first }, { conversationId, seq: last }, { limit: batch, order: 'asc' })
    const ids = new Set(items.flatMap(({ offerId }) => offerId ?? []))
    const offers = await direct.tradeOffer.getAll([...ids].map(messageId => ({ messageId })), { consistent: true })
    const byId = new Map(offers.map(offer => [offer.messageId, offer]))
    return items.map(message => ({ message, offer: byId.get(message.offerId ?? '') }))
  }

  return {
    between,

    async of (event, options) {
      const { conversationId, seq } = event
      const key = reportOf(event)
      if (key !== undefined) {
        const report = await direct.report.get(key, { consistent: true })
        return report && showReportedEvent(report)
      }
      const infected = attachmentOf(event)
      if (infected !== undefined) {
        const attachment = await direct.attachment.get(infected, { consistent: true })
        return attachment && showInfectedEvent(event, attachment)
      }
      const messageId = offerOf(event)
      if (messageId !== undefined) {
        const offer = await direct.tradeOffer.get({ messageId }, { consistent: true })
        return offer && showOtherEvent(event, offer)
      }
      if (conversationId === undefined || seq === undefined) return showOtherEvent(event)
      const [told] = await between(conversationId, seq, seq)
      return told === undefined || !isWhole(told) ? undefined : showMessageEvent(told, options)
    }
  }
}

/** Whether all is there that a message tells of. */
export function isWhole ({ message, offer }: Told): boolean {
  return message.offerId === undefined || offer !== undefined
}
