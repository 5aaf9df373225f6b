import fastq from 'fastq'
import type { FastifyBaseLogger } from 'fastify'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import type { Clock } from '../../shared/clock.js'
import { hasRunOut } from './offers.js'
import type { RecordExpiry } from './record-expiry.js'

/** How many expiries are recorded at a time. */
const concurrency = 2
/** How long nothing is recorded after a failure, in ms: it would be in the way of what users write. */
const rest = 5000
/** How many may wait; those beyond are recorded when they are met again. */
const maxWaiting = 1000

/**
 * Records that offers have run out when they are met, best effort and in the background: nobody waits for it, for it shows without, and
 * their timers do so as well.
 */
export interface Expiries {
  /** Takes note of an offer that was read; of one that is not due nothing comes. */
  note: (offer: Pick<TradeOfferItem, 'messageId' | 'awaiting' | 'expiresAt'>) => void
  /** Gives up what waits, and resolves when what has begun has ended. */
  close: () => Promise<void>
}

export function createExpiries ({ recordExpiry, clock, log }: {
  recordExpiry: RecordExpiry, clock: Clock, log: FastifyBaseLogger
}): Expiries {
  const noted = new Set<string>()
  const queue = fastq.promise(record, concurrency)
  let isClosed = false
  let restsUntil = 0

  async function record (messageId: string): Promise<void> {
    try {
      await recordExpiry(messageId)
    } catch (err) {
      restsUntil = clock.now() + rest
      log.warn({ err, messageId }, 'an expiry could not be recorded; it is tried again when the offer is met again')
    } finally {
      noted.delete(messageId)
    }
  }

  return {
    note (offer) {
      const { messageId } = offer
      const now = clock.now()
      if (isClosed || now < restsUntil || noted.has(messageId) || noted.size >= maxWaiting) return
      if (!hasRunOut(offer, now)) return
      noted.add(messageId)
      queue.push(messageId)
    },
    async close () {
      isClosed = true
      queue.kill()
      await queue.drained()
    }
  }
}
