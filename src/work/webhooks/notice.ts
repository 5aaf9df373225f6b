import type { Direct } from '../../database/direct/index.js'
import type { Write } from '../../database/direct/direct-entity.js'
import { eventTimer } from '../../services/webhooks/delivery-timers.js'
import { expiringEvent } from '../../services/webhooks/events.js'
import { isWanted, type Subscribers } from '../../services/webhooks/subscribers.js'
import type { Clock } from '../../shared/clock.js'
import type { Expiring } from '../expiry.js'

/** How many timers have room in the transaction of a reminder; those beyond are made before it. */
const most = 90

/** What is written for every endpoint that is told when the terms on the table of an offer run out soon. */
export function createExpiringNotice ({ direct, subscribers, clock }: { direct: Direct, subscribers: Subscribers, clock: Clock }): (expiring: Expiring) => Promise<Write[]> {
  return async ({ offer, hoursLeft }) => {
    const event = expiringEvent(offer, hoursLeft)
    const wanting = (await subscribers.all()).filter(subscriber => isWanted(subscriber, event.eventType))
    const writes = wanting.map(({ endpoint }) => direct.work.put(eventTimer(endpoint, event, clock.now())))
    for (const write of writes.splice(most)) await direct.write(write)
    return writes
  }
}
