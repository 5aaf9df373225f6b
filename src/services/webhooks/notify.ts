import type { Direct } from '../../database/direct/index.js'
import type { WorkItem } from '../../database/entities/work.js'
import type { Clock } from '../../shared/clock.js'
import { eventTimer } from './delivery-timers.js'
import type { StoredEvent } from './events.js'
import { isWanted, type Subscribers } from './subscribers.js'

/** How many timers have room in the transaction of what they tell; those beyond are made before it. */
const most = 90

/** The timers by which every endpoint that wants an event gets it: to be put in the transaction that makes it happen. */
export type Notify = (event: StoredEvent) => Promise<WorkItem[]>

export function createNotify ({ direct, subscribers, clock }: { direct: Direct, subscribers: Subscribers, clock: Clock }): Notify {
  return async event => {
    const wanting = (await subscribers.all()).filter(subscriber => isWanted(subscriber, event.eventType))
    const timers = wanting.map(({ endpoint }) => eventTimer(endpoint, event, clock.now()))
    for (const timer of timers.splice(most)) await direct.write(direct.work.put(timer))
    return timers
  }
}
