import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Write } from '../../database/direct/direct-entity.js'
import type { Direct, Refusal } from '../../database/direct/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { Step } from './advance.js'

/** How long an Idempotency-Key is remembered, in seconds. */
const idempotencySeconds = 24 * 60 * 60

/** Either of them in a head is a block. */
const blocks = ['firstBlocked', 'secondBlocked'] as const

/** An item that changes together with the conversation, or neither does. */
export interface Beside {
  /** The write, on condition that the item is as it was when this was composed. */
  write: (direct: Direct) => Write
  /** Gets the item as it is when the condition didn't hold; then the next attempt is composed. */
  refused: (item: unknown) => void
}

/** What makes a request the same as an earlier one. */
export interface IdempotencyKey {
  userId: string
  key: string
  /** Of what is asked for: the key is good for the same again. */
  fingerprint: string
}

export interface Refusals {
  onHead: Refusal<ConversationItem>
  onMessage: Refusal<MessageItem>
  onKey?: Refusal<unknown>
  onBeside: Array<Refusal<unknown>>
}

/**
 * Writes a step of a conversation with what belongs to it, in one transaction.
 * @param now ms since the epoch
 * @param passesBlocks whether it is written although one has blocked the other
 * @returns nothing if it was committed, else what was said of each write
 */
export async function commit (direct: Direct, { head, next, change, message }: Step, { beside = [], idempotencyKey, now, passesBlocks }: {
  beside?: readonly Beside[], idempotencyKey?: IdempotencyKey, now: number, passesBlocks: boolean
}): Promise<Refusals | undefined> {
  const { conversationId } = next
  const seconds = Math.floor(now / 1000)
  const onHead = head === undefined
    ? direct.conversation.put(next, { absent: true })
    : direct.conversation.update({ conversationId }, change, { equal: { seq: head.seq }, lacking: passesBlocks ? [] : blocks })
  const onMessage = direct.message.put(message, { absent: true })
  const onKey = idempotencyKey === undefined
    ? []
    : [direct.idempotencyKey.put({ ...idempotencyKey, conversationId, seq: message.seq, ttl: seconds + idempotencySeconds }, { absentOrBelow: { ttl: seconds } })]
  const refusals = await direct.transact([onHead, onMessage, ...onKey, ...beside.map(({ write }) => write(direct))], { recognized: true })
  if (refusals === undefined) return undefined
  const [ofHead, ofMessage, ...others] = refusals as [Refusal<ConversationItem>, Refusal<MessageItem>, ...Array<Refusal<unknown>>]
  return { onHead: ofHead, onMessage: ofMessage, onKey: idempotencyKey === undefined ? undefined : others.shift(), onBeside: others }
}
