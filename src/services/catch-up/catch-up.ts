import type { Message } from '../../../schemas/message.js'
import type { ConversationItem } from '../../database/entities/conversation.js'
import { readIndexKeys } from '../../database/index-keys.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import { indexInterval } from '../messaging/advance.js'
import { recentSeen, settleTime, type Cursor } from './cursor.js'
import { getAll } from '../../database/get-all.js'
import { showMessage } from '../messaging/message-views.js'
import type { Trades } from '../trading/trades.js'

export interface CaughtUp {
  /** In order within each conversation, each with the cursor of having seen it and those before it. */
  missed: Array<{ message: Message, cursor: Cursor }>
  /** What has been seen after them. */
  cursor: Cursor
  /** Whether something is left that was there when the catch-up began. */
  more: boolean
}

export interface CatchUp {
  /** The cursor of a user who has seen everything until now. Costs 1 RCU, and 1 for each conversation active in the last minute. */
  now: (userId: string) => Promise<Cursor>
  /**
   * A page of what a user missed since a cursor, over all conversations. With nothing missed it costs as much as `now`;
   * else, for each conversation, two reads for every doubling of what was missed in it, and the messages.
   * @param limit messages
   */
  since: (userId: string, cursor: Cursor, limit: number) => Promise<CaughtUp>
  /**
   * What was missed of a conversation before one of its messages, in order. Unlike `since` it asks no index, so that it
   * finds everything at once. Costs 1 RCU with nothing missed where `after` is unknown.
   * @param seen the `seq` up to which the conversation was seen, or a time up to which everything was
   */
  before: (message: { conversationId: string, seq: number }, seen: { after?: number, at: number }) => AsyncIterable<Message>
}

const indexPage = 100
/** How many heads are read at once, and how many messages of a gap. */
const batch = 50

export function createCatchUp ({ entities, trades }: { entities: Entities, trades: Trades }): CatchUp {
  const { conversation, message } = entities.entities

  /**
   * Ids of a user's conversations that may have been active after a time: an index key lags behind by its interval. Oldest
   * first: what becomes active meanwhile moves ahead of the reader, who finds it twice rather than not at all.
   */
  async function activeAfter (userId: string, at: number): Promise<string[]> {
    const from = { indexedAt: Math.max(0, at - indexInterval - settleTime) }
    const sides = await Promise.all([
      readAll(after => readIndexKeys(conversation.query.byFirst({ firstId: userId }).gte(from), { limit: indexPage, order: 'asc', after })),
      readAll(after => readIndexKeys(conversation.query.bySecond({ secondId: userId }).gte(from), { limit: indexPage, order: 'asc', after }))
    ])
    return [...new Set(sides.flat().map(({ pk = '' }) => pk.slice('conversation#'.length)))]
  }

  async function readHeads (conversationIds: string[]): Promise<ConversationItem[]> {
    const keys = conversationIds.map(conversationId => ({ conversationId }))
    const heads = await getAll(some => conversation.get(some).go({ concurrent: 2, consistent: true }), keys)
    return heads.sort((a, b) => a.conversationId < b.conversationId ? -1 : 1)
  }

  async function timeOf (conversationId: string, seq: number): Promise<number> {
    const { data } = await message.get({ conversationId, seq }).go({ consistent: true })
    return data === null ? 0 : Date.parse(data.timestamp)
  }

  /**
   * The last `seq` of a conversation that bears a time up to `at`, found by doubling steps back from a later one and then by
   * halving: times never fall along a conversation.
   */
  async function lastUpTo (head: { conversationId: string, seq: number }, at: number): Promise<number> {
    let after = head.seq
    let step = 1
    let before = head.seq - step
    while (before > 0 && await timeOf(head.conversationId, before) > at) {
      after = before
      step *= 2
      before = head.seq - step
    }
    before = Math.max(before, 0)
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2)
      if (await timeOf(head.conversationId, middle) > at) after = middle
      else before = middle
    }
    return before
  }

  async function readMessages (conversationId: string, after: number, upTo: number, limit: number): Promise<MessageItem[]> {
    const { data } = await message.query.timeline({ conversationId })
      .between({ seq: after + 1 }, { seq: upTo })
      .go({ consistent: true, limit, order: 'asc' })
    return data
  }

  async function show<Found extends { item: MessageItem }> (found: Found[]) {
    const offers = await trades.current(found.flatMap(({ item }) => item.offerId ?? []), { consistent: true })
    return found.map(({ item, ...rest }) => ({ message: showMessage(item, offers.get(item.offerId ?? '')), ...rest }))
  }

  return {
    async now (userId) {
      const at = Date.now()
      const heads = await readHeads(await activeAfter(userId, at))
      return { at, seen: recentSeen(heads.map(head => [head.conversationId, { seq: head.seq, at: timeOfHead(head) }]), at) }
    },

    async since (userId, { at, seen, visit }, limit) {
      const began = visit?.began ?? Date.now()
      const ended: Array<[string, { seq: number, at: number }]> =
        Object.entries(visit?.seen ?? {}).map(([conversationId, seq]) => [conversationId, { seq, at: began }])
      const from = visit?.conversationId ?? ''
      const active = (await activeAfter(userId, at)).filter(conversationId => conversationId > from)
      // Where it goes on needn't be in the index at this moment.
      const ahead = [...(visit === undefined ? [] : [from]), ...active.sort()]
      const found: Array<{ item: MessageItem, cursor: Cursor }> = []
      for (let next = 0; next < ahead.length; next += batch) {
        for (const head of await readHeads(ahead.slice(next, next + batch))) {
          const { conversationId } = head
          const newest = timeOfHead(head)
          const cursorAt = (seq: number): Cursor => ({ at, seen, visit: { began, conversationId, seq, seen: recentSeen(ended, began) } })
          let seq = conversationId === visit?.conversationId ? visit.seq : seen[conversationId]
          seq ??= newest > at - settleTime ? await lastUpTo(head, at - settleTime) : head.seq
          while (seq < head.seq && found.length < limit) {
            const page = await readMessages(conversationId, seq, head.seq, limit - found.length)
            found.push(...page.map(item => ({ item, cursor: cursorAt(item.seq) })))
            seq = page.at(-1)?.seq ?? head.seq
          }
          if (seq < head.seq) return { missed: await show(found), cursor: cursorAt(seq), more: true }
          ended.push([conversationId, { seq, at: newest }])
        }
      }
      return { missed: await show(found), cursor: { at: began, seen: recentSeen(ended, began) }, more: false }
    },

    async * before ({ conversationId, seq }, { after, at }) {
      let last = after ?? await lastUpTo({ conversationId, seq }, at - settleTime)
      while (last < seq - 1) {
        const page = await readMessages(conversationId, last, seq - 1, batch)
        for (const { message } of await show(page.map(item => ({ item })))) yield message
        last = page.at(-1)?.seq ?? seq
      }
    }
  }
}

function timeOfHead (head: ConversationItem): number {
  return Date.parse(head.lastMessage.timestamp)
}

async function readAll<Keys extends Record<string, string>> (
  read: (after?: Keys) => Promise<{ keys: Keys[], more: boolean }>
): Promise<Keys[]> {
  const all: Keys[] = []
  for (let more = true; more;) {
    const page = await read(all.at(-1))
    all.push(...page.keys)
    more = page.more && page.keys.length > 0
  }
  return all
}
