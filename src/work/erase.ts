import type { Entities } from '../database/entities/index.js'
import { indexInterval } from '../services/messaging/advance.js'
import { visitConversations, type Stop } from '../services/catch-up/active-conversations.js'
import { settleTime } from '../services/catch-up/cursor.js'
import { erasedTo, type Eraser, type Spend } from '../services/account/eraser.js'
import { parseErasureSubject, type BegunErasure, type Erasures } from '../services/account/erasures.js'
import type { EraseFigures } from '../services/analytics/erase-figures.js'
import type { EraseAttachments } from '../services/attachments/erase.js'
import { readBlocks } from '../services/contact/block-relations.js'
import type { Blocks } from '../services/contact/blocks.js'
import type { EraseReports } from '../services/moderation/erase-reports.js'
import type { Users } from '../services/users/users.js'
import type { Clock } from '../shared/clock.js'
import { Throttle } from '../shared/throttle.js'
import type { TimerHandler } from './timers.js'

/** How an erasure goes. */
export interface ErasureOptions {
  /** How many request units it may take in a second. */
  unitsPerSecond?: number
  /**
   * How long after the first walk the second one begins, and after that figures go, in ms: by then the indexes show what was written before the first one began, and
   * what was being counted is.
   */
  settle?: number
}

/** How long an erasure is worked on at a time, in ms: a claim lasts three times as long. */
const turn = 20_000

/** How long it is remembered that a user was erased, in ms: tokens from before have expired by then. */
const rememberedFor = 30 * 24 * 60 * 60 * 1000

/** How many blocks are read at once, and what it costs to take one back. */
const blocksAtOnce = 50
const unblockUnits = 10

/** How many conversations' keys are read first. */
const pageSize = 10

/** How far an erasure has come: on which walk through the conversations, in which of them, and up to which message; after the walks figures go. */
interface Progress { walk?: 1 | 2, visit?: Stop & { seq: number }, figures?: true }

/**
 * Erases what was asked to be erased: at first the directory entry, the user's blocks and the files that no message has, then what was said in each conversation, and its copies in reports; after a while
 * the same again, of the conversations in which something was written as it began. Last, when whoever counts has long seen what is erased, figures go. It takes a
 * turn at a time; who begins again after a crash repeats at most one, of which nothing is written twice.
 */
export function createEraseHandler ({ entities, blocks, erasures, eraser, eraseAttachments, eraseFigures, eraseReports, users, clock }: {
  entities: Entities, blocks: Blocks, erasures: Erasures, eraser: Eraser, eraseAttachments: EraseAttachments, eraseFigures: EraseFigures, eraseReports: EraseReports, users: Users, clock: Clock
}, { unitsPerSecond = 25, settle = settleTime }: ErasureOptions = {}): TimerHandler {
  const { direct } = entities

  /** @returns where it has come to when its turn is over; undefined at the end */
  async function walk ({ userId, startedAt }: BegunErasure, { walk, visit }: Progress, isOver: () => boolean, spend: Spend): Promise<Progress['visit']> {
    const from = walk === 2 ? startedAt - indexInterval - settleTime : 0
    let reached = visit?.seq ?? 0
    for await (const { stop, head } of visitConversations(entities, userId, { from, visit, size: pageSize })) {
      const { conversationId, seq: last } = head
      let seq = Math.max(reached, erasedTo(head, userId))
      reached = 0
      while (seq < last) {
        if (isOver()) return { ...stop, seq }
        seq = await eraser.messages(userId, conversationId, { from: seq + 1, to: last, until: startedAt }, spend) ?? last
      }
      await eraser.head(userId, conversationId, { to: last, until: startedAt }, spend)
    }
    return undefined
  }

  /** Takes back whom the user has blocked; that others have blocked the user stays. */
  async function unblock ({ userId, startedAt }: BegunErasure, spend: Spend): Promise<void> {
    for (let after: string | undefined, more = true; more;) {
      const page = await readBlocks(entities, userId, { after, limit: blocksAtOnce, consistent: true })
      await spend(1)
      for (const { otherId, blockedAt = Infinity } of page.items) {
        if (blockedAt > startedAt) continue
        await blocks.unblock(userId, otherId)
        await spend(unblockUnits)
      }
      after = page.items.at(-1)?.otherId
      more = page.more
    }
  }

  return async ({ subject, data }, ending) => {
    const { userId, askedAt } = parseErasureSubject(subject)
    const erasure = await erasures.begin(userId, askedAt)
    if (erasure === undefined) return { done: true }
    const { walk: which = 1, visit, figures } = data as Progress
    const throttle = new Throttle(unitsPerSecond)
    const spend: Spend = async units => await throttle.spend(units)
    const takeTurn = () => {
      const over = performance.now() + turn
      return () => ending.aborted || performance.now() > over
    }
    if (figures) {
      if (!await eraseFigures(userId, spend, takeTurn())) return { again: clock.now(), data: { figures } }
      const ttl = Math.ceil((clock.now() + rememberedFor) / 1000)
      return { done: true, writes: [direct.erasure.put({ ...erasure, stage: 'erased', ttl }, { equal: { askedAt } })] }
    }
    if (visit === undefined) {
      // What was on its way when the erasure began may have entered the user again.
      await users.erase(userId)
      await unblock(erasure, spend)
      await eraseAttachments.pending(userId, erasure.startedAt, spend)
    }

    const place = await walk(erasure, { walk: which, visit }, takeTurn(), spend)
    if (place !== undefined) return { again: clock.now(), data: { walk: which, visit: place } }
    await eraseReports(userId, spend)
    return { again: clock.now() + settle, data: which === 1 ? { walk: 2 } : { figures: true } }
  }
}
