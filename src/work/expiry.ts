import type { Direct } from '../database/direct/index.js'
import type { Write } from '../database/direct/direct-entity.js'
import { nextDue, parseExpirySubject, reminderAt } from '../services/trading/expiry-timers.js'
import type { Happening, Tell } from '../services/happenings.js'
import type { RecordExpiry } from '../services/trading/record-expiry.js'
import type { Clock } from '../shared/clock.js'
import type { TimerHandler } from './timers.js'

export type Expiring = Extract<Happening, { type: 'expiring' }>

/**
 * Reminds the parties of an open offer before it runs out, and records that it has. Timers of terms that are no longer on the table end.
 * @param notices what is to be written of a reminder for others, together with its timer
 */
export function createExpiryHandler ({ direct, recordExpiry, tell, clock, notices }: {
  direct: Direct, recordExpiry: RecordExpiry, tell: Tell, clock: Clock, notices: (expiring: Expiring) => Promise<Write[]>
}): TimerHandler {
  return async ({ subject }) => {
    const { messageId, expiresAt } = parseExpirySubject(subject)
    const offer = await direct.tradeOffer.get({ messageId }, { consistent: true })
    if (offer === undefined || offer.awaiting === 'nobody' || offer.expiresAt !== expiresAt) return { done: true }
    const now = clock.now()
    if (now >= expiresAt) {
      await recordExpiry(messageId)
      return { done: true }
    }
    const again = nextDue(expiresAt, now)
    const hoursLeft = reminderAt(expiresAt, now)
    if (hoursLeft === undefined) return { again }
    const expiring: Expiring = { type: 'expiring', offer, hoursLeft }
    const writes = await notices(expiring)
    tell(expiring)
    return { again, writes }
  }
}
