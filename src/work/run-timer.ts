import type { Direct } from '../database/direct/index.js'
import type { WorkItem } from '../database/entities/work.js'
import type { Clock } from '../shared/clock.js'
import type { Claimed, Claims } from './claims.js'
import type { Outcome, TimerHandler } from './timers.js'

const never = new AbortController().signal

/** How often a handler is called at a time because what it writes has changed meanwhile. */
const maxRounds = 5

/**
 * Claims a timer, has it handled, and removes or moves it. Costs 2 WCU when it is done, 5 when it is due again; and what the handler costs.
 * @returns what it has become, if it is due again
 * @throws what the handler throws, after the timer was let rest
 */
export async function runTimer ({ direct, claims, clock, ending = never }: {
  direct: Direct, claims: Claims, clock: Clock, ending?: AbortSignal
}, handle: TimerHandler, item: WorkItem): Promise<WorkItem | undefined> {
  if (item.dueAt > clock.now()) return item
  const claimed = await claims.claim(item)
  if (claimed === undefined) return undefined
  const { kind, subject, dueAt, attempt = 0, data = {} } = claimed
  try {
    for (let round = 0; round < maxRounds; round++) {
      const outcome = await handle({ kind, subject, dueAt, attempt, data: data as Record<string, unknown> }, ending)
      const next = 'again' in outcome ? comeAgain(claimed, outcome) : undefined
      if (await settle(direct, claims, claimed, next, outcome)) return next
    }
    throw new Error(`What ${kind} ${subject} writes changes all the time`)
  } catch (error) {
    await claims.fail(claimed)
    throw error
  }
}

/** The timer as it is when it is due again, free to be claimed. */
function comeAgain ({ shard, kind, subject, ...before }: Claimed, { again, attempt, data }: Extract<Outcome, { again: number }>): WorkItem {
  return { shard, kind, subject, dueAt: again, attempt: attempt ?? before.attempt, data: data ?? before.data as Record<string, unknown> | undefined }
}

/** @returns whether it was written, or is no longer this process's to write */
async function settle (direct: Direct, claims: Claims, claimed: Claimed, next: WorkItem | undefined, { writes = [] }: Outcome): Promise<boolean> {
  const mine = { equal: { claimedUntil: claimed.claimedUntil } }
  const onTimer = next === undefined
    ? [direct.work.remove(claimed, mine)]
    : next.dueAt === claimed.dueAt
      ? [direct.work.update(claimed, { attempt: next.attempt, data: next.data }, mine, ['claimedUntil'])]
      : [direct.work.remove(claimed, mine), direct.work.put(next)]
  const [only] = onTimer
  if (only !== undefined && onTimer.length + writes.length === 1) {
    await claims.settle(only)
    return true
  }
  const refusals = await direct.transact([...onTimer, ...writes])
  return refusals === undefined || refusals[0]?.code === 'ConditionalCheckFailed'
}
