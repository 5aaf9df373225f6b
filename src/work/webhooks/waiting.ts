import type { Direct } from '../../database/direct/index.js'
import type { Write } from '../../database/direct/direct-entity.js'
import type { EndpointKey } from '../../database/entities/endpoint.js'
import type { WaitingLaneItem } from '../../database/entities/waiting-lane.js'
import type { WorkItem } from '../../database/entities/work.js'
import { endOf } from '../../services/webhooks/deliveries.js'
import { laneTimer } from '../../services/webhooks/delivery-timers.js'
import type { Clock } from '../../shared/clock.js'

/** How many are looked at a time. */
const batch = 100
/** Comes after every conversation id. */
const last = '\u007f'

/** The lanes that wait because their endpoint could not be reached: when it is there again they needn't wait until their next attempt. */
export class Waiting {
  constructor (private readonly direct: Direct, private readonly clock: Clock, private readonly wake: (item: WorkItem) => void) {}

  /** Notes that a lane waits until a time, in ms since the epoch. */
  note ({ integrationId, endpointId }: EndpointKey, conversationId: string, dueAt: number, failed: number): Write {
    return this.direct.waitingLane.put({ endpointId, conversationId, integrationId, dueAt, failed, ttl: endOf(dueAt) })
  }

  /** Has all that wait for an endpoint tried at once. Costs 1 RCU where none does. */
  async hurry ({ endpointId }: EndpointKey): Promise<void> {
    for (;;) {
      const { items } = await this.direct.waitingLane.between({ endpointId, conversationId: '' }, { endpointId, conversationId: last }, { limit: batch, order: 'asc' })
      for (const item of items) await this.#hurryOne(item)
      if (items.length < batch) return
    }
  }

  async #hurryOne (item: WaitingLaneItem) {
    const { conversationId, dueAt, failed } = item
    const { work, waitingLane } = this.direct
    const now = this.clock.now()
    const forget = waitingLane.remove(item, { equal: { dueAt } })
    if (dueAt > now) {
      const sooner = laneTimer(item, conversationId, now, failed)
      const refusals = await this.direct.transact([work.remove(laneTimer(item, conversationId, dueAt), { equal: { dueAt } }), work.put(sooner), forget])
      if (refusals === undefined) return this.wake(sooner)
    }
    // The timer has come meanwhile, or another instance was first.
    await this.direct.transact([forget])
  }
}
