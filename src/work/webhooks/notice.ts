import type { Direct } from '../../database/direct/index.js'
import type { Write } from '../../database/direct/direct-entity.js'
import { expiringEvent } from '../../services/webhooks/events.js'
import type { Notify } from '../../services/webhooks/notify.js'
import type { Expiring } from '../expiry.js'

/** What is written for every endpoint that is told when the terms on the table of an offer run out soon. */
export function createExpiringNotice ({ direct, notify }: { direct: Direct, notify: Notify }): (expiring: Expiring) => Promise<Write[]> {
  return async ({ offer, hoursLeft }) => (await notify(expiringEvent(offer, hoursLeft))).map(timer => direct.work.put(timer))
}
