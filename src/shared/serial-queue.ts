import { toProblemError } from '../database/faults.js'
import { ProblemError } from '../wire/problem-error.js'

const maxWaiting = 512
/** How long a task may wait for its turn, in milliseconds: a database that is slow, but not away, is no reason to refuse. */
const patience = 5000

/**
 * Runs tasks of the same key one after another, so that writers of this process don't compete for the same item, and
 * hands each task what the one before it left behind.
 */
export class SerialQueue<Carry> {
  readonly #lanes = new Map<string, { tail: Promise<Carry | undefined>, length: number }>()

  /** How many keys have tasks. */
  get size (): number {
    return this.#lanes.size
  }

  /**
   * @param key what the task must have for itself
   * @param task gets what the task before it carried over (undefined after an idle time or a failure), and when it
   * began to wait, in ms since the epoch
   * @returns the task's result
   * @throws ProblemError conversation_busy when too many wait, or the wait is too long; what the task throws; the fault
   * of the database that a task before it met
   */
  async run<Result> (key: string, task: (carried: Carry | undefined, since: number) => Promise<{ result: Result, carry?: Carry }>): Promise<Result> {
    const since = Date.now()
    const lane = this.#lanes.get(key) ?? { tail: Promise.resolve(undefined), length: 0 }
    if (lane.length >= maxWaiting) throw busy()
    this.#lanes.set(key, lane)
    lane.length++
    let tried = false
    const outcome = lane.tail.then(async carried => {
      if (Date.now() - since > patience) throw busy()
      tried = true
      return await task(carried, since)
    })
    // While the database is away, or others don't let go, the time-outs of those who wait must not add up.
    lane.tail = outcome.then(({ carry }) => carry, error => {
      if (tried && toProblemError(error).statusCode === 503) throw error
      return undefined
    })
    lane.tail.catch(() => {})
    try {
      return (await outcome).result
    } finally {
      if (--lane.length === 0) this.#lanes.delete(key)
    }
  }
}

function busy () {
  return new ProblemError('conversation_busy', undefined, { headers: { 'retry-after': '1' } })
}
