import { createHash, randomUUID } from 'node:crypto'
import type { ConversationItem } from '../../database/entities/conversation.js'
import { databaseUnavailable } from '../../database/faults.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import type { SerialQueue } from '../../shared/serial-queue.js'
import { ProblemError } from '../../wire/problem-error.js'
import { isEnding, type ContactRules } from '../contact/contact-rules.js'
import type { Suspensions } from '../moderation/suspensions.js'
import type { Tell } from '../happenings.js'
import { advance, placeAfter, type Content, type Place } from './advance.js'
import type { Heads } from './heads.js'
import { commit, type Beside, type IdempotencyKey } from './commit.js'
import { markOf, type Wanted } from './mark.js'
import type { Pair } from './pair.js'
import type { Doubtful } from './settlement.js'

/** Why a write of a cancelled transaction was refused (DynamoDB's cancellation reasons), if trying again can help. */
const conflictCodes = new Set(['None', 'ConditionalCheckFailed', 'TransactionConflict'])
const throttleCodes = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded'])

/** What is to be written at a place. */
export interface Composition {
  content: Content
  /** For a move in a negotiation: the offer as it is with it. */
  offer?: TradeOfferItem
  beside?: readonly Beside[]
}

export interface Addition {
  pair: Pair
  senderId: string
  receiverId: string
  /** Composes the message for the place that an attempt is made at. What it throws ends it. */
  compose: (place: Place) => Composition
  /** The caller's Idempotency-Key. */
  idempotencyKey?: string
  /** Whose key that is, if not the sender's. */
  keyOwner?: string
  /** What is asked for: the key is good for the same again. */
  asked: readonly unknown[]
}

export interface Appended {
  message: MessageItem
  /** For a move in a negotiation: the offer as it was with it, whatever happened since. */
  offer?: TradeOfferItem
  /** True if the same key made the message earlier. */
  replayed: boolean
}

/** Puts a message at the end of a conversation, and tells of it; of one that was there already once more. */
export type Append = (addition: Addition) => Promise<Appended>

/** Finds the offer as it was with a message, whatever happened since; nothing for a text. */
export type OfferAt = (message: MessageItem) => Promise<TradeOfferItem | undefined>

/**
 * Sequencing: the head moves from n to n + 1 and message n + 1 is put, in one transaction, each on condition that nobody
 * did so before; items beside them change in the same transaction. Cost: 4 WCU; 2 WCU more with an Idempotency-Key, for a
 * first message (index), and what its rules cost, and 4 for the first in an index interval; 2 WCU for a mark, where a consumer wants the
 * message; and what the items beside cost. 1 RCU where the head isn't remembered, or doesn't let one write, and half a one where it isn't remembered
 * whether the sender is suspended. That neither has blocked the other is a condition of the head's write, which costs nothing.
 *
 * Writers of this process queue up for a conversation; against writers elsewhere a lost race is tried again from the
 * head that the refusal carries.
 * @throws ProblemError conversation_busy, idempotency_key_reused, database_unavailable, suspended, and as the rules say
 */
export function createAppend ({ entities: { direct }, suspensions, rules, heads, queue, patience, clock, tell, wanted, offerAt, settle }: {
  entities: Entities
  suspensions: Suspensions
  rules: ContactRules
  heads: Heads
  queue: SerialQueue
  /** How long a writer tries, waiting for the turn included, in ms. */
  patience: number
  clock: Clock
  tell: Tell
  wanted: Wanted
  offerAt: OfferAt
  /** Gets a message that may be there although its writer hears of a failure. */
  settle: (doubtful: Doubtful) => void
}): Append {
  return async addition => {
    const { conversationId } = addition.pair
    const outcome = await queue.run(conversationId, async since => {
      const messageId = randomUUID()
      // Of the places that were tried only the last can be in doubt: one that the head has passed was looked at.
      let tried: Doubtful | undefined
      try {
        return await turn(addition, messageId, since, message => { tried = message })
      } catch (error) {
        if (tried !== undefined) {
          heads.forget(conversationId)
          settle(tried)
        }
        throw error
      }
    })
    if ('refusal' in outcome) throw outcome.refusal
    return outcome
  }

  async function turn (
    addition: Addition, messageId: string, since: number, trying: (message: Doubtful) => void
  ): Promise<Appended | { refusal: unknown }> {
    const idempotencyKey = idempotencyKeyOf(addition)
    const { conversationId } = addition.pair
    // What is read tells the time as well.
    let head = clock.isUnsure ? undefined : heads.recall(conversationId)
    let isRemembered = head !== undefined
    head ??= await readHead(conversationId)
    let throttled = false
    for await (const _ of attempts(since, patience)) {
      const now = clock.now()
      const place = placeAfter(head, messageId, now)
      let composition: Composition
      try {
        composition = addition.compose(place)
      } catch (error) {
        return await unlessReplayed(error, idempotencyKey, messageId)
      }
      const { content, offer, beside = [] } = composition
      const suspended = isEnding(content) ? undefined : await suspensions.refusalOf(addition.senderId)
      if (suspended !== undefined) return await unlessReplayed(suspended, idempotencyKey, messageId)
      const wish = { content, ...addition }
      const refusal = await rules.refusalAfter(head, wish)
      if (refusal !== undefined && !isRemembered) return await unlessReplayed(refusal, idempotencyKey, messageId)
      if (refusal !== undefined) {
        // It may not be so any more.
        head = await readHead(conversationId)
        isRemembered = false
        continue
      }
      const step = advance(head, place, content, addition)
      trying(step.message)
      const marks = wanted(step.message) ? [markOf(step.message, now)] : []
      const beginning = head === undefined ? rules.begin(wish, now) : undefined
      const allBeside = [...beside, ...beginning?.beside ?? [], ...marks]
      const refusals = await commit(direct, step, { beside: allBeside, idempotencyKey, now, passesBlocks: isEnding(content) })
      if (refusals === undefined) {
        heads.keep(step.next)
        const previousAt = head === undefined ? undefined : Date.parse(head.lastMessage.timestamp)
        return told({ message: step.message, offer, replayed: false }, previousAt)
      }
      const { onHead, onMessage, onKey, onBeside } = refusals
      // An earlier attempt, of the SDK or of this loop, was committed but its answer was lost.
      if (onMessage.item?.messageId === messageId) return await found(onMessage.item, messageId)
      if (onKey?.code === 'ConditionalCheckFailed') {
        const replay = await readReplay(idempotencyKey)
        if (replay !== undefined) return await found(replay, messageId)
      }
      const codes = [onHead, onMessage, onKey, ...onBeside].map(refusal => refusal?.code ?? 'None')
      const unexpected = codes.find(code => !conflictCodes.has(code) && !throttleCodes.has(code))
      if (unexpected !== undefined) throw new Error(`The transaction was cancelled: ${codes.join(', ')}`)
      throttled = codes.some(code => throttleCodes.has(code))
      for (const [n, { code, item }] of onBeside.entries()) if (code === 'ConditionalCheckFailed') allBeside[n]?.refused(item)
      // A refusal brings the head only where it was to blame for it.
      if (onHead.code !== 'None') {
        head = onHead.item == null ? await readHead(conversationId) : known(onHead.item)
        isRemembered = false
      } else if (beginning?.refusal() !== undefined) {
        return await unlessReplayed(beginning.refusal(), idempotencyKey, messageId)
      }
      // The refusal doesn't say who took the place: this very message, if its first attempt arrived late.
      if (onMessage.item == null && head !== undefined && head.seq >= step.message.seq) {
        const taken = await readMessage(step.message)
        if (taken?.messageId === messageId) return await found(taken, messageId)
      }
    }
    if (throttled) throw databaseUnavailable()
    throw conversationBusy()
  }

  /** What is refused now may be what this key did before. */
  async function unlessReplayed (refusal: unknown, idempotencyKey: IdempotencyKey | undefined, messageId: string) {
    const replay = await readReplay(idempotencyKey)
    return replay === undefined ? { refusal } : await found(replay, messageId)
  }

  function told (appended: Appended, previousAt?: number): Appended {
    tell({ type: 'message', previousAt, ...appended })
    return appended
  }

  /** The end of an addition whose message is there already: of this attempt, or of an earlier one with the same key. */
  async function found (message: MessageItem, messageId: string): Promise<Appended> {
    heads.outrun(message.conversationId, message.seq)
    return told({ message, offer: await offerAt(message), replayed: message.messageId !== messageId })
  }

  async function readHead (conversationId: string): Promise<ConversationItem | undefined> {
    const head = await direct.conversation.get({ conversationId }, { consistent: true })
    return head && known(head)
  }

  function known (head: ConversationItem): ConversationItem {
    heads.keep(head)
    return head
  }

  async function readMessage ({ conversationId, seq }: Pick<MessageItem, 'conversationId' | 'seq'>) {
    return await direct.message.get({ conversationId, seq }, { consistent: true })
  }

  async function readReplay (idempotencyKey: IdempotencyKey | undefined): Promise<MessageItem | undefined> {
    if (idempotencyKey === undefined) return undefined
    const first = await direct.idempotencyKey.get(idempotencyKey, { consistent: true })
    // Expired ones are deleted late.
    if (first === undefined || first.ttl < Math.floor(clock.now() / 1000)) return undefined
    if (first.fingerprint !== idempotencyKey.fingerprint) throw new ProblemError('idempotency_key_reused')
    return await readMessage(first)
  }
}

/** The problem of a writer who doesn't get in. */
export function conversationBusy (): ProblemError {
  return new ProblemError('conversation_busy', undefined, { headers: { 'retry-after': '1' } })
}

function idempotencyKeyOf ({ pair, senderId, asked, idempotencyKey: key, keyOwner: userId = senderId }: Addition): IdempotencyKey | undefined {
  if (key === undefined) return undefined
  const text = JSON.stringify([pair.conversationId, senderId, ...asked])
  return { userId, key, fingerprint: createHash('sha256').update(text).digest('base64url') }
}
