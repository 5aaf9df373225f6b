import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { Step } from './advance.js'

/** How long an Idempotency-Key is remembered, in seconds. */
const idempotencySeconds = 24 * 60 * 60

type Transaction = Parameters<Entities['transaction']['write']>[0]
type TransactionWrite = ReturnType<Transaction>[number]

/** An item that changes together with the conversation, or neither does. */
export interface Beside {
  /** The write, on condition that the item is as it was when this was composed. */
  write: (entities: Parameters<Transaction>[0]) => TransactionWrite
  /** Gets the item as it is when the condition didn't hold; then the next attempt is composed. */
  refused: (item: unknown) => void
}

/** What makes a request the same as an earlier one. */
export interface RequestKey {
  userId: string
  key: string
  /** Of what is asked for: the key is good for the same again. */
  fingerprint: string
}

/** What a cancelled transaction says of one of its writes: `None` for those that were not to blame. */
export interface Refusal<Item> {
  code: string
  item: Item | null
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
 * @returns nothing if it was committed, else what was said of each write
 */
export async function commit (entities: Entities, { head, next, change, message }: Step, { beside = [], requestKey, now }: {
  beside?: readonly Beside[], requestKey?: RequestKey, now: number
}): Promise<Refusals | undefined> {
  const { conversationId } = next
  const seconds = Math.floor(now / 1000)
  const { canceled, data } = await entities.transaction.write(all => {
    const onHead = head === undefined
      ? all.conversation.create(next).commit({ response: 'all_old' })
      : all.conversation.patch({ conversationId })
        .set(change)
        .where(({ seq }, { eq }) => eq(seq, head.seq))
        .commit({ response: 'all_old' })
    const onMessage = all.message.create(message).commit({ response: 'all_old' })
    const onKey = requestKey === undefined
      ? []
      : [all.idempotencyKey.put({ ...requestKey, conversationId, seq: message.seq, ttl: seconds + idempotencySeconds })
          .where((item, { notExists, lt }) => `(${notExists(item.userId)} OR ${lt(item.ttl, seconds)})`).commit()]
    return [onHead, onMessage, ...onKey, ...beside.map(({ write }) => write(all))]
  }).go()
  if (!canceled) return undefined
  const [onHead, onMessage, ...others] = data as unknown as [Refusal<ConversationItem>, Refusal<MessageItem>, ...Array<Refusal<unknown>>]
  return { onHead, onMessage, onKey: requestKey === undefined ? undefined : others.shift(), onBeside: others }
}
