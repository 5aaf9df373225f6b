import type { ConversationItem } from '../../database/entities/conversation.js'
import type { MessageItem } from '../../database/entities/message.js'
import { isoTime } from '../../shared/iso-time.js'
import { perspective } from './head.js'
import type { Pair } from './pair.js'
import { preview } from './preview.js'

/** How old the index keys of a head may get, in milliseconds, before a message pays for writing them again. */
export const indexInterval = 60_000

/** How far ahead of the right time, in milliseconds, a message may be for those after it to bear its time. */
const maxAhead = 60_000

/** A place at the end of a conversation. */
export interface Place {
  messageId: string
  seq: number
  /** The time, in ms since the epoch: what is due is judged by it. */
  at: number
  /** What the message bears, in ms since the epoch: not before the message that it follows, unless that one is far ahead of the time. */
  timestamp: number
}

/**
 * The place after a head.
 * @param at the time, in ms since the epoch
 */
export function placeAfter (head: ConversationItem | undefined, messageId: string, at: number): Place {
  const before = head === undefined ? 0 : Date.parse(head.lastMessage.timestamp)
  return { messageId, seq: (head?.seq ?? 0) + 1, at, timestamp: before - at > maxAhead ? at : Math.max(at, before) }
}

/** What a message says. */
export type Content = Pick<MessageItem, 'messageType' | 'text' | 'attachments' | 'offerId' | 'action' | 'revision' | 'via' | 'clientId'>

/** The step of a conversation from one head to the next. */
export interface Step {
  head: ConversationItem | undefined
  message: MessageItem
  /** The head after the message. */
  next: ConversationItem
  /** What of it is written: never the read positions, which move on their own. */
  change: Partial<ConversationItem>
}

/**
 * Puts a message at a place after a head.
 * @param writers who sends and who receives; both are members of the pair
 */
export function advance (head: ConversationItem | undefined, place: Place, content: Content, { pair, senderId, receiverId }: {
  pair: Pair, senderId: string, receiverId: string
}): Step {
  const { messageId, seq, at } = place
  const timestamp = isoTime(place.timestamp)
  const senderCount = (head === undefined ? 0 : perspective(head, senderId).own.sent) + 1
  const { messageType, text, attachments, offerId, action, revision, via, clientId } = content
  const message: MessageItem = {
    conversationId: pair.conversationId,
    seq,
    messageId,
    senderId,
    receiverId,
    senderCount,
    messageType,
    text,
    attachments,
    offerId,
    action,
    revision,
    via,
    clientId,
    timestamp
  }
  const [firstSent, secondSent] = senderId === pair.firstId
    ? [senderCount, seq - senderCount]
    : [seq - senderCount, senderCount]
  const lastMessage = {
    senderId,
    messageType,
    ...(text === undefined ? {} : { text: preview(text) }),
    ...(attachments === undefined ? {} : { attachments: attachments.length }),
    ...(action === undefined ? {} : { action, revision }),
    timestamp
  }
  const isFirstOffer = messageType === 'tradeOffer' && senderCount === seq && head?.offered !== true
  const isIntroduction = via !== undefined && head?.introduced !== true
  const moved = {
    seq, firstSent, secondSent, lastMessage, ...(isFirstOffer && { offered: true }), ...(isIntroduction && { introduced: true })
  }
  const { firstId, secondId } = pair
  const change = head !== undefined && Math.abs(at - head.indexedAt) < indexInterval
    ? moved
    : { ...moved, firstId, secondId, indexedAt: at }
  return { head, message, next: { indexedAt: at, ...head, ...pair, ...change }, change }
}
