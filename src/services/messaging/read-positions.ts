import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import type { ReadPosition } from '../../../schemas/conversation.js'
import type { ConversationItem } from '../../database/entities/conversation.js'
import { conditionFailure, databaseUnavailable, isTransactionConflict } from '../../database/faults.js'
import type { Entities } from '../../database/entities/index.js'
import { ProblemError } from '../../wire/problem-error.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import type { Tell } from '../happenings.js'
import { areAcquainted, othersUpTo, perspective, readAttributes, unreadCount } from './head.js'
import type { Heads } from './heads.js'
import { pairOf, type Pair } from './pair.js'

export interface ReadPositions {
  /**
   * Notes that a user has read the conversation with another up to `seq`; an older position changes nothing.
   * Tells of it if it moved. Costs 1 WCU, and 1 RCU where a head that is remembered doesn't say what was sent up to it.
   * @throws ProblemError conversation_not_found, seq_out_of_range, self_conversation, reserved_user_id
   */
  markRead: (userId: string, otherId: string, seq: number) => Promise<ReadPosition>
}

export function createReadPositions ({ entities, heads, tell, clock }: {
  entities: Entities, heads: Heads, tell: Tell, clock: Clock
}): ReadPositions {
  const { conversation, message } = entities.direct

  return {
    async markRead (userId, otherId, seq) {
      const pair = pairOf(userId, otherId)
      const { conversationId } = pair
      const { head, moved } = await move(pair, userId, seq, await readCount(pair, userId, seq))
      heads.learn(head)
      const unread = unreadCount(head, userId)
      if (moved) tell({ type: 'read', userId, otherId, areAcquainted: areAcquainted(head), conversationId, seq, unreadCount: unread })
      return { conversationId, lastReadSeq: perspective(head, userId).own.readSeq, unreadCount: unread }
    }
  }

  /** How many messages the other has sent up to one of them. */
  async function readCount ({ conversationId }: Pair, userId: string, seq: number): Promise<number> {
    const head = heads.recall(conversationId)
    const known = head && othersUpTo(head, userId, seq)
    if (known !== undefined) return known
    const read = await message.get({ conversationId, seq }, { consistent: true })
    if (read === undefined) throw await whyUnknown(conversationId)
    return read.senderId === userId ? seq - read.senderCount : read.senderCount
  }

  /** Writes the position on condition that it is newer; a refusal brings the head as it is. */
  async function move (pair: Pair, userId: string, seq: number, readCount: number): Promise<{ head: ConversationItem, moved: boolean }> {
    const attributes = readAttributes(pair, userId)
    for await (const _ of attempts()) {
      try {
        const change = { [attributes.seq]: seq, [attributes.count]: readCount, [attributes.at]: clock.now() }
        const head = await conversation.change({ conversationId: pair.conversationId }, change, { absentOrBelow: { [attributes.seq]: seq } })
        return { head, moved: true }
      } catch (error) {
        const failure = conditionFailure(error)
        if (failure !== undefined) return { head: await asItIs(pair, failure.item), moved: false }
        if (!isTransactionConflict(error)) throw error
      }
    }
    throw databaseUnavailable()
  }

  async function asItIs ({ conversationId }: Pair, item: Record<string, AttributeValue> | undefined): Promise<ConversationItem> {
    const head = item === undefined ? await conversation.get({ conversationId }, { consistent: true }) : conversation.load(unmarshall(item))
    return head as ConversationItem
  }

  async function whyUnknown (conversationId: string): Promise<ProblemError> {
    const head = await conversation.get({ conversationId }, { consistent: true })
    return new ProblemError(head === undefined ? 'conversation_not_found' : 'seq_out_of_range')
  }
}
