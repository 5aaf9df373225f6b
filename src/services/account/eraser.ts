import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import { conditionFailure, databaseUnavailable, isTransactionConflict } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import type { EraseAttachments } from '../attachments/erase.js'
import { readAttributes, settingAttributes } from '../messaging/head.js'
import type { Heads } from '../messaging/heads.js'
import type { EndOffer } from '../trading/end-offer.js'
import { partyOf } from '../trading/offers.js'

/** Pays for what is read and written: request units, about. */
export type Spend = (units: number) => Promise<void>

/** Takes what is a user's own out of conversations. Whatever is done twice changes nothing the second time. */
export interface Eraser {
  /**
   * Erases what a user said in a part of a conversation, with the words in the history of offers that were opened there, and ends those that are
   * open, and erases the files that the user sent. All else stays: the other's words and files, the places and times of messages, the terms. Costs 1 RCU for every 4 KB,
   * 1 for each offer, and for each message or offer with own words 1 WCU for every KB, 1 for each file; nothing is written where nothing is to go.
   * @throws ProblemError storage_unavailable
   * @param range messages, `from` to `to`, and the time up to which they go, in ms since the epoch: what is later stays
   * @returns the last message that was looked at; undefined if there is none
   */
  messages: (userId: string, conversationId: string, range: { from: number, to: number, until: number }, spend: Spend) => Promise<number | undefined>
  /**
   * Erases what the head of a conversation has of a user: the beginning of what was said last and how many files it had, up to where the user has read, and a mute; and notes up to which
   * message (`to`) all is erased. Costs 1 RCU, and 1 WCU where that is news.
   */
  head: (userId: string, conversationId: string, range: { to: number, until: number }, spend: Spend) => Promise<void>
}

/** How many messages are read at a time. */
const batch = 10

/** What a message has besides its words. */
const overhead = 500

export function createEraser ({ entities: { direct }, heads, endOffer, eraseAttachments }: {
  entities: Entities, heads: Heads, endOffer: EndOffer, eraseAttachments: EraseAttachments
}): Eraser {
  async function eraseMessage (message: MessageItem): Promise<number> {
    const own = (['text', 'attachments', 'clientId', 'via'] as const).filter(name => message[name] !== undefined)
    if (own.length === 0) return 0
    const { messageId, text, attachments = [] } = message
    // First the files: once the message is erased, nothing leads to them any more.
    for (const { attachmentId } of attachments) await eraseAttachments.bound(attachmentId)
    const hasSaid = text !== undefined || attachments.length > 0
    await direct.write(direct.message.update(message, hasSaid ? { erased: true } : {}, { equal: { messageId } }, own))
    return Math.ceil((overhead + Buffer.byteLength(text ?? '')) / 1024) + 2 * attachments.length
  }

  /** A closed offer doesn't change any more: nobody can put back what is taken out here. */
  async function eraseOffer (userId: string, messageId: string): Promise<number> {
    const offer = await endOffer(userId, messageId)
    const party = partyOf(offer, userId)
    const { version, moves } = offer
    if (!moves.some(({ by, text }) => by === party && text !== undefined)) return 1
    const silent = moves.map(({ text, ...move }) => move.by === party || text === undefined ? move : { ...move, text })
    await direct.write(direct.tradeOffer.update({ messageId }, { moves: silent }, { equal: { version } }))
    return 1 + Math.ceil(JSON.stringify(offer).length / 1024)
  }

  return {
    async messages (userId, conversationId, { from, to, until }, spend) {
      const { items } = await direct.message.between({ conversationId, seq: from }, { conversationId, seq: to }, { limit: batch, order: 'asc' })
      await spend(1 + JSON.stringify(items).length / 4096)
      for (const message of items) {
        if (Date.parse(message.timestamp) > until) continue
        // First the offer: once its message is erased, nothing leads to its words any more.
        if (message.messageType === 'tradeOffer') await spend(await eraseOffer(userId, message.offerId ?? message.messageId))
        if (message.senderId === userId) await spend(await eraseMessage(message))
      }
      return items.at(-1)?.seq
    },

    async head (userId, conversationId, { to, until }, spend) {
      for await (const _ of attempts()) {
        const head = await direct.conversation.get({ conversationId }, { consistent: true })
        await spend(1)
        if (head === undefined) return
        const { change, without } = silenced(head, userId, { to, until })
        if (Object.keys(change).length === 0 && without.length === 0) return
        try {
          await direct.write(direct.conversation.update({ conversationId }, change, { equal: { seq: head.seq } }, without))
          heads.forget(conversationId)
          return await spend(1)
        } catch (error) {
          if (conditionFailure(error) === undefined && !isTransactionConflict(error)) throw error
        }
      }
      throw databaseUnavailable()
    }
  }
}

function erasedAttribute (head: ConversationItem, userId: string) {
  return userId === head.firstId ? 'firstErasedTo' : 'secondErasedTo'
}

/** Up to which message what a member has said is erased already. */
export function erasedTo (head: ConversationItem, userId: string): number {
  return head[erasedAttribute(head, userId)] ?? 0
}

/** How a head is without what is a user's own: what changes, and the names of what goes. */
function silenced (head: ConversationItem, userId: string, { to, until }: { to: number, until: number }) {
  const { lastMessage: { text, attachments, ...silent } } = head
  const isOwn = (text !== undefined || attachments !== undefined) && silent.senderId === userId && Date.parse(silent.timestamp) <= until
  const { seq, count, at } = readAttributes(head, userId)
  const { mutedUntil, at: setAt } = settingAttributes(head, userId)
  const names = (head[at] ?? 0) > until ? [mutedUntil, setAt] : [seq, count, at, mutedUntil, setAt]
  return {
    change: { ...(isOwn ? { lastMessage: silent } : {}), ...(erasedTo(head, userId) < to ? { [erasedAttribute(head, userId)]: to } : {}) },
    without: names.filter(name => head[name] !== undefined)
  }
}
