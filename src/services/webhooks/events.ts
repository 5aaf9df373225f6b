import { createHash } from 'node:crypto'
import type { Scope } from '../../../schemas/integration.js'
import type { SubscribedType } from '../../../schemas/webhook-event.js'
import type { WebhookEvent, WebhookEvents } from '../../../schemas/webhook-event.js'
import type { AttachmentItem } from '../../database/entities/attachment.js'
import type { DeliveryItem } from '../../database/entities/delivery.js'
import type { EndpointItem } from '../../database/entities/endpoint.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { ReportItem, ReportKey } from '../../database/entities/report.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import { showInfectedAttachment } from '../attachments/infected-view.js'
import { showMessage, withoutWords, type Told } from '../messaging/message-views.js'
import { showUserReport } from '../moderation/report-views.js'
import { showOffer } from '../trading/offer-views.js'
import { asOf } from '../trading/offers.js'

/** What there is to tell: enough to make what is sent of the log, and no more. */
export type StoredEvent = Pick<DeliveryItem, 'eventAt' | 'eventId' | 'conversationId' | 'seq' | 'detail'> & { eventType: SubscribedType }

/** What an `expiring` event says that the log doesn't. */
interface ExpiringDetail { offerId: string, hoursLeft: 24 | 1, expiresAt: number }
type AttachmentKey = Pick<AttachmentItem, 'attachmentId'>
type DisabledDetail = WebhookEvents['endpoint.disabled']['data']

const typesByAction: Record<NonNullable<MessageItem['action']>, SubscribedType> = {
  offer: 'trade.offered',
  counter: 'trade.countered',
  accept: 'trade.accepted',
  reject: 'trade.rejected',
  withdraw: 'trade.withdrawn',
  expire: 'trade.expired'
}

/** The type of the event that a message is. */
export function typeOf ({ action }: Pick<MessageItem, 'action'>): SubscribedType {
  return action === undefined ? 'message.created' : typesByAction[action]
}

/** The scope without which events of a type are nobody's business; undefined where anybody may have them. */
export function scopeFor (type: SubscribedType): Scope | undefined {
  if (type.startsWith('trade.')) return 'trades'
  if (type === 'user.reported' || type === 'attachment.infected') return 'moderation'
  return type === 'message.created' ? 'messages' : undefined
}

/** The event that a message is. */
export function eventOf (message: MessageItem): StoredEvent {
  const { messageId, conversationId, seq, timestamp } = message
  return { eventId: `msg_${messageId.replaceAll('-', '')}`, eventAt: Date.parse(timestamp), eventType: typeOf(message), conversationId, seq }
}

/** The event that the terms on the table of an offer run out in some hours; the same one whenever it is made. */
export function expiringEvent (offer: TradeOfferItem, hoursLeft: 24 | 1): StoredEvent {
  const { messageId: offerId, expiresAt } = offer
  const { conversationId } = showOffer(offer)
  const detail: ExpiringDetail = { offerId, hoursLeft, expiresAt }
  return {
    eventId: idOf('expiring', offerId, expiresAt, hoursLeft),
    eventAt: expiresAt - hoursLeft * 3_600_000,
    eventType: 'trade.expiring',
    conversationId,
    seq: offer.moves.at(-1)?.seq,
    detail
  }
}

/** The event that an endpoint gets nothing any more. @param at ms since the epoch */
export function disabledEvent ({ endpointId, url }: EndpointItem, reason: DisabledDetail['reason'], at: number): StoredEvent {
  const detail: DisabledDetail = { endpointId, url, reason }
  return { eventId: idOf('disabled', endpointId, at), eventAt: at, eventType: 'endpoint.disabled', detail }
}

/** The event that a user was reported. */
export function reportedEvent ({ reporterId, reportId, createdAt }: ReportItem): StoredEvent {
  const detail: ReportKey = { reporterId, reportId }
  return { eventId: idOf('reported', reporterId, reportId), eventAt: createdAt, eventType: 'user.reported', detail }
}

/** What is sent of a report. */
export function showReportedEvent (report: ReportItem): WebhookEvent {
  const shown = showUserReport(report)
  return { type: 'user.reported', timestamp: shown.createdAt, data: { report: shown } }
}

/** The event that an attachment is infected; the same one whenever it is made. @param at ms since the epoch */
export function infectedEvent ({ attachmentId }: AttachmentItem, at: number): StoredEvent {
  const detail: AttachmentKey = { attachmentId }
  return { eventId: idOf('infected', attachmentId), eventAt: at, eventType: 'attachment.infected', detail }
}

/** What is sent of an infected attachment; nothing where its owner has been erased since. */
export function showInfectedEvent ({ eventAt }: StoredEvent, attachment: AttachmentItem): WebhookEvent | undefined {
  const shown = showInfectedAttachment(attachment)
  return shown && { type: 'attachment.infected', timestamp: new Date(eventAt).toISOString(), data: { attachment: shown } }
}

function idOf (...parts: Array<string | number>): string {
  return `msg_${createHash('sha256').update(parts.join('#')).digest('hex').slice(0, 32)}`
}

/**
 * What is sent of a message. A text of some 16 KB, as much as a request can hold, leaves it below 20 KB; each file adds 1.5 KB at most.
 * @param told the message, and for a move the offer, as it was with it or later
 * @param texts whether the receiver may know what was said with a move
 */
export function showMessageEvent (told: Told, { texts }: { texts: boolean }): WebhookEvent {
  const { message, offer } = told
  const { timestamp, seq } = message
  const shown = showMessage(told)
  const data = { message: texts || offer === undefined ? shown : withoutWords(shown), ...(offer && { offer: showOffer(asOf(offer, seq)) }) }
  return { type: typeOf(message), timestamp, data } as WebhookEvent
}

/**
 * What is sent of an event that isn't a message.
 * @param offer whose terms run out, as it was then or later
 */
export function showOtherEvent ({ eventType: type, eventAt, seq = 0, detail }: StoredEvent, offer?: TradeOfferItem): WebhookEvent {
  const timestamp = new Date(eventAt).toISOString()
  if (type !== 'trade.expiring') return { type, timestamp, data: detail as DisabledDetail } as WebhookEvent
  if (offer === undefined) throw new TypeError('The offer is missing that is to run out')
  const { hoursLeft, expiresAt } = detail as ExpiringDetail
  return { type, timestamp, data: { offer: showOffer(asOf(offer, seq)), hoursLeft, expiresAt: new Date(expiresAt).toISOString() } }
}

/** The report that an event is of. */
export function reportOf ({ eventType, detail }: StoredEvent): ReportKey | undefined {
  return eventType === 'user.reported' ? detail as ReportKey : undefined
}

/** The attachment that an event is of. */
export function attachmentOf ({ eventType, detail }: StoredEvent): AttachmentKey | undefined {
  return eventType === 'attachment.infected' ? detail as AttachmentKey : undefined
}

/** The offer that an event is of and that has to be read for it, where it isn't a message's. */
export function offerOf ({ eventType, detail }: StoredEvent): string | undefined {
  return eventType === 'trade.expiring' ? (detail as ExpiringDetail).offerId : undefined
}
