import type { ConversationItem } from '../../database/entities/conversation.js'
import type { Entities } from '../../database/entities/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import { indexInterval } from '../messaging/advance.js'
import { visitConversations, type Stop } from './active-conversations.js'
import type { RecentActivity } from './recent-activity.js'
import { recentSeen, settleTime, type Cursor, type Seen } from './cursor.js'
import type { Told } from '../messaging/message-views.js'
import { PageBudget } from '../messaging/page-budget.js'
import type { Clock } from '../../shared/clock.js'
import type { Trades } from '../trading/trades.js'
import { Unsent, type Range } from './unsent.js'

export interface CaughtUp {
  /** In order within each conversation, each with the cursor of having seen it and those before it. */
  missed: Array<Told & { cursor: Cursor }>
  /** What has been seen after them. */
  cursor: Cursor
  /** Whether something is left that was there when the catch-up began. */
  more: boolean
}

export interface CatchUp {
  /**
   * The cursor of a connection that begins now. Asks nothing, unless the time is unsure: it names the conversations that this process
   * heard of in the last seconds. From those of which only others did some messages of that time may come.
   */
  begin: (userId: string) => Promise<Cursor>
  /** The cursor of a user who has seen everything until now. Costs 1 RCU, and 1 for each conversation active in the last minute. */
  now: (userId: string) => Promise<Cursor>
  /**
   * A page of what a user missed since a cursor, over all conversations. With nothing missed it costs as much as `now`;
   * else, for each conversation, its head, two reads for every doubling of what was missed in it, and the messages: a page
   * costs what it shows, however much is left. What a conversation that becomes active meanwhile had before may come twice.
   * @param limit messages; of long ones there may be fewer
   * @param sent what the user was sent of a conversation otherwise, `from` to `to`: that is left out, and not read
   */
  since: (userId: string, cursor: Cursor, limit: number, sent?: (conversationId: string) => Range | undefined) => Promise<CaughtUp>
  /**
   * What was missed of a conversation before one of its messages, in order. Unlike `since` it asks no index, so that it
   * finds everything at once. Costs 1 RCU with nothing missed where `after` is unknown.
   * @param seen the `seq` up to which the conversation was seen, or a time up to which everything was
   */
  before: (message: { conversationId: string, seq: number }, seen: { after?: number, at: number }) => AsyncIterable<Told>
}

/** How many conversations a catch-up visits at first; there are more where nothing is missed in them. */
const firstVisits = 4
/** How many heads are read at once, and how many messages of a gap. */
const batch = 50

export function createCatchUp ({ entities, clock, recent, trades }: {
  entities: Entities, clock: Clock, recent: RecentActivity, trades: Trades
}): CatchUp {
  const { message } = entities.direct

  /** When the index keys of what was active after a time were written, or later: they lag behind by their interval. */
  function indexedFrom (at: number): number {
    return at - indexInterval - settleTime
  }

  /** The conversations that a catch-up has ahead. Where it goes on needn't be in the index at this moment. */
  function visits (userId: string, { at, visit }: Cursor, size: number): AsyncGenerator<{ stop: Stop, head: ConversationItem }> {
    return visitConversations(entities, userId, { from: indexedFrom(at), visit, size })
  }

  async function timeOf (conversationId: string, seq: number): Promise<number> {
    const found = await message.get({ conversationId, seq }, { consistent: true })
    return found === undefined ? 0 : Date.parse(found.timestamp)
  }

  /**
   * The last `seq` of a conversation that bears a time up to `at`, found by doubling steps back from a later one and then by
   * halving: times never fall along a conversation, but after one that was far ahead. Such a one is taken for not yet seen, so
   * that it ends before some that was seen, never behind one that wasn't.
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
    const { items } = await message.between({ conversationId, seq: after + 1 }, { conversationId, seq: upTo }, { limit, order: 'asc' })
    return items
  }

  async function withOffers<Found extends { item: MessageItem }> (found: Found[]) {
    const offers = await trades.stored(found.flatMap(({ item }) => item.offerId ?? []), { consistent: true })
    return found.map(({ item, ...rest }) => ({ message: item, offer: offers.get(item.offerId ?? ''), ...rest }))
  }

  return {
    async begin (userId) {
      if (clock.isUnsure) return await this.now(userId)
      const at = clock.now()
      return { at, seen: recentSeen([...recent.of(userId)].map(activity => [activity.conversationId, activity]), at) }
    },

    async now (userId) {
      const at = clock.now()
      const seen = new Map<string, { seq: number, at: number }>()
      for await (const { head } of visits(userId, { at, seen: {} }, batch)) seen.set(head.conversationId, { seq: head.seq, at: timeOfHead(head) })
      return { at, seen: recentSeen(seen, at) }
    },

    async since (userId, cursor, limit, sent = () => undefined) {
      const { at, seen, visit } = cursor
      const began = visit?.began ?? clock.now()
      const ended = new Map(Object.entries(visit?.seen ?? {}).map(([conversationId, seq]) => [conversationId, { seq, at: began }]))
      const found: Array<{ item: MessageItem, cursor: Cursor }> = []
      const budget = new PageBudget()
      let goesOn = visit
      for await (const { stop, head } of visits(userId, cursor, Math.min(limit, firstVisits))) {
        const { conversationId } = head
        let before: Seen | undefined
        const cursorAt = (seq: number): Cursor => ({ at, seen, visit: { ...stop, began, seq, seen: before ??= recentSeen(ended, began) } })
        const left = new Unsent(head.seq, sent(conversationId))
        let seq = goesOn?.seq ?? ended.get(conversationId)?.seq ?? seen[conversationId] ??
          (timeOfHead(head) > at - settleTime ? await lastUpTo({ conversationId, seq: left.start }, at - settleTime) : head.seq)
        goesOn = undefined
        for (let next = left.after(seq); next !== undefined && found.length < limit && !budget.isSpent; next = left.after(seq)) {
          const read = await readMessages(conversationId, next.from - 1, next.to, Math.min(limit - found.length, budget.room))
          const page = budget.take(read)
          found.push(...page.map(item => ({ item, cursor: cursorAt(item.seq) })))
          seq = page.at(-1)?.seq ?? (read.length === 0 ? next.to : seq)
        }
        if (left.after(seq) !== undefined) return { missed: await withOffers(found), cursor: cursorAt(seq), more: true }
        ended.set(conversationId, { seq: head.seq, at: timeOfHead(head) })
      }
      return { missed: await withOffers(found), cursor: { at: began, seen: recentSeen(ended, began) }, more: false }
    },

    async * before ({ conversationId, seq }, { after, at }) {
      let last = after ?? await lastUpTo({ conversationId, seq }, at - settleTime)
      while (last < seq - 1) {
        const page = await readMessages(conversationId, last, seq - 1, batch)
        yield * await withOffers(page.map(item => ({ item })))
        last = page.at(-1)?.seq ?? seq
      }
    }
  }
}

function timeOfHead (head: ConversationItem): number {
  return Date.parse(head.lastMessage.timestamp)
}
