import { createHash, randomUUID } from 'node:crypto'
import type { ConversationItem } from '../../database/entities/conversation.js'
import { databaseUnavailable } from '../../database/faults.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import { ProblemError } from '../../wire/problem-error.js'
import { advance, placeAfter, type Content, type Place, type Step } from './advance.js'
import { attempts } from '../../shared/backoff.js'
import type { Pair } from './pair.js'
import type { SerialQueue } from '../../shared/serial-queue.js'

/** How long an Idempotency-Key is remembered, in seconds. */
const idempotencySeconds = 24 * 60 * 60

/** Why a write of a cancelled transaction was refused (DynamoDB's cancellation reasons), if trying again can help. */
const conflictCodes = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict'])
const throttleCodes = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded'])

type Transaction = Parameters<Entities['transaction']['write']>[0]
type TransactionWrite = ReturnType<Transaction>[number]

/** What is to be written at a place. */
export interface Composition {
  content: Content
  /** An item that changes together with the conversation, or neither does. */
  beside?: {
    /** The write, on condition that the item is as it was when this was composed. */
    write: (entities: Parameters<Transaction>[0]) => TransactionWrite
    /** Gets the item as it is when the condition didn't hold; then the next attempt is composed. */
    refused: (item: unknown) => void
  }
}

export interface Addition {
  pair: Pair
  senderId: string
  receiverId: string
  /** Composes the message for the place that an attempt is made at. What it throws ends it. */
  compose: (place: Place) => Composition
  /** The caller's Idempotency-Key. */
  idempotencyKey?: string
  /** What is asked for: the key is good for the same again. */
  asked: readonly unknown[]
}

export interface Appended {
  message: MessageItem
  /** True if the same key made the message earlier. */
  replayed: boolean
}

/** Puts a message at the end of a conversation. */
export type Append = (addition: Addition) => Promise<Appended>

/**
 * Sequencing: the head moves from n to n + 1 and message n + 1 is put, in one transaction, each on condition that nobody
 * did so before; an item beside them changes in the same transaction. Cost: 1 RCU and 4 WCU; 2 WCU more with an
 * Idempotency-Key, for a first message (index), and 4 for the first in an index interval; and what the item beside costs.
 *
 * Writers of this process queue up for a conversation; against writers elsewhere a lost race is tried again from the
 * head that the refusal carries.
 * @throws ProblemError conversation_busy, idempotency_key_reused, database_unavailable
 */
export function createAppend ({ entities, queue }: { entities: Entities, queue: SerialQueue<ConversationItem> }): Append {
  return async addition => {
    const outcome = await queue.run(addition.pair.conversationId, async (carried, since) => await turn(addition, carried, since))
    if ('refusal' in outcome) throw outcome.refusal
    return outcome
  }

  async function turn (addition: Addition, carried: ConversationItem | undefined, since: number): Promise<{
    result: Appended | { refusal: unknown }, carry?: ConversationItem
  }> {
    const messageId = randomUUID()
    const fingerprint = fingerprintOf(addition)
    let head = carried ?? await readHead(addition.pair.conversationId)
    let throttled = false
    for await (const _ of attempts(since)) {
      const place = placeAfter(head, messageId)
      let composition: Composition
      try {
        composition = addition.compose(place)
      } catch (error) {
        // What is refused now may be what this key did before.
        const replay = addition.idempotencyKey === undefined ? undefined : await readReplay(addition, fingerprint)
        // Nobody has to read the head again because of that.
        if (replay === undefined) return { result: { refusal: error }, carry: head }
        return { result: { message: replay, replayed: replay.messageId !== messageId } }
      }
      const step = advance(head, place, composition.content, addition)
      const refusals = await write(step, composition, addition, fingerprint)
      if (refusals === undefined) return { result: { message: step.message, replayed: false }, carry: step.next }
      const { onHead, onMessage, onKey, onBeside } = refusals
      // An earlier attempt, of the SDK or of this loop, was committed but its answer was lost.
      if (onMessage.item?.messageId === messageId) return { result: { message: onMessage.item, replayed: false } }
      if (onKey?.code === 'ConditionalCheckFailed') {
        const replay = await readReplay(addition, fingerprint)
        if (replay !== undefined) return { result: { message: replay, replayed: replay.messageId !== messageId } }
      }
      const codes = [onHead, onMessage, onKey, onBeside].map(refusal => refusal?.code ?? 'None')
      const unexpected = codes.find(code => !conflictCodes.has(code) && !throttleCodes.has(code))
      if (unexpected !== undefined) throw new Error(`The transaction was cancelled: ${codes.join(', ')}`)
      throttled = codes.some(code => throttleCodes.has(code))
      if (onBeside?.code === 'ConditionalCheckFailed') composition.beside?.refused(onBeside.item)
      // A refusal brings the head only where it was to blame for it.
      if (onHead.code !== 'None') head = onHead.item ?? await readHead(addition.pair.conversationId)
      // The refusal doesn't say who took the place: this very message, if its first attempt arrived late.
      if (onMessage.item == null && head !== undefined && head.seq >= step.message.seq) {
        const taken = await readMessage(step.message)
        if (taken?.messageId === messageId) return { result: { message: taken, replayed: false } }
      }
    }
    if (throttled) throw databaseUnavailable()
    throw new ProblemError('conversation_busy', undefined, { headers: { 'retry-after': '1' } })
  }

  async function readHead (conversationId: string) {
    const { data } = await entities.entities.conversation.get({ conversationId }).go({ consistent: true })
    return data ?? undefined
  }

  async function readMessage ({ conversationId, seq }: Pick<MessageItem, 'conversationId' | 'seq'>) {
    const { data } = await entities.entities.message.get({ conversationId, seq }).go({ consistent: true })
    return data ?? undefined
  }

  /** @returns nothing if it was committed, else what was said of each write */
  async function write ({ head, next, change, message }: Step, { beside }: Composition, addition: Addition, fingerprint: string) {
    const { conversationId } = next
    const { senderId: userId, idempotencyKey: key } = addition
    const now = Math.floor(Date.now() / 1000)
    const { canceled, data } = await entities.transaction.write(all => {
      const onHead = head === undefined
        ? all.conversation.create(next).commit({ response: 'all_old' })
        : all.conversation.patch({ conversationId })
          .set(change)
          .where(({ seq }, { eq }) => eq(seq, head.seq))
          .commit({ response: 'all_old' })
      const onMessage = all.message.create(message).commit({ response: 'all_old' })
      const onKey = key === undefined
        ? []
        : [all.idempotencyKey.put({ userId, key, fingerprint, conversationId, seq: message.seq, ttl: now + idempotencySeconds })
            .where((item, { notExists, lt }) => `(${notExists(item.userId)} OR ${lt(item.ttl, now)})`).commit()]
      return [onHead, onMessage, ...onKey, ...(beside === undefined ? [] : [beside.write(all)])]
    }).go()
    if (!canceled) return undefined
    const [onHead, onMessage, ...others] = data as unknown as [Refusal<ConversationItem>, Refusal<MessageItem>, ...Array<Refusal<unknown>>]
    return { onHead, onMessage, onKey: key === undefined ? undefined : others.shift(), onBeside: others.shift() }
  }

  async function readReplay (addition: Addition, fingerprint: string): Promise<MessageItem | undefined> {
    const { senderId: userId, idempotencyKey: key = '' } = addition
    const { data: first } = await entities.entities.idempotencyKey.get({ userId, key }).go({ consistent: true })
    if (first === null) return undefined
    if (first.fingerprint !== fingerprint) throw new ProblemError('idempotency_key_reused')
    return await readMessage(first)
  }
}

/** What a cancelled transaction says of one of its writes: `None` for those that were not to blame. */
interface Refusal<Item> {
  code: string
  item: Item | null
}

function fingerprintOf ({ pair, senderId, asked }: Addition): string {
  return createHash('sha256').update(JSON.stringify([pair.conversationId, senderId, ...asked])).digest('base64url')
}
