import type { Direct } from '../../database/direct/index.js'
import type { WorkItem } from '../../database/entities/work.js'
import type { Clock } from '../../shared/clock.js'
import { BoundedMap } from '../../shared/bounded-map.js'

/** Of how many endpoints lanes are remembered, and of each how many. */
const maxEndpoints = 1000
const maxLanes = 1000

/**
 * The lanes that wait, as far as this process knows, because their endpoint could not be reached: when it is there again they needn't wait
 * any longer for the next attempt.
 */
export class Waiting {
  readonly #lanes = new BoundedMap<string, Map<string, WorkItem>>(maxEndpoints)

  constructor (private readonly direct: Direct, private readonly clock: Clock, private readonly wake: (item: WorkItem) => void) {}

  /** @param timer the lane's, as it is while it waits */
  add (endpointId: string, timer: WorkItem): void {
    const lanes = this.#lanes.get(endpointId) ?? new BoundedMap<string, WorkItem>(maxLanes)
    this.#lanes.set(endpointId, lanes.set(timer.subject, timer))
  }

  /** Has what waits for an endpoint tried at once. */
  async hurry (endpointId: string): Promise<void> {
    const lanes = this.#lanes.get(endpointId)
    this.#lanes.delete(endpointId)
    const now = this.clock.now()
    for (const timer of lanes?.values() ?? []) {
      if (timer.dueAt <= now) continue
      const { work } = this.direct
      const sooner = { ...timer, dueAt: now }
      // Where it was handled meanwhile it is refused.
      const refusals = await this.direct.transact([work.remove(timer, { equal: { dueAt: timer.dueAt } }), work.put(sooner)])
      if (refusals === undefined) this.wake(sooner)
    }
  }
}
