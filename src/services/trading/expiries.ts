import fastq from 'fastq'
import type { FastifyBaseLogger } from 'fastify'
import type { Entities } from '../../database/entities/index.js'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { MakeMove } from './moves.js'
import { hasRunOut, userOf } from './offers.js'

/** How many expiries are recorded at a time. */
const concurrency = 2
/** How long nothing is recorded after a failure, in ms: it would be in the way of what users write. */
const rest = 5000
/** How many may wait; those beyond are recorded when they are met again. */
const maxWaiting = 1000

/** Records that offers have run out, best effort and in the background: nobody waits for it, for it shows without. */
export interface Expiries {
  /** Takes note of an offer that was read; of one that is not due nothing comes. */
  note: (offer: Pick<TradeOfferItem, 'messageId' | 'awaiting' | 'expiresAt'>) => void
  /** Gives up what waits, and resolves when what has begun has ended. */
  close: () => Promise<void>
}

export function createExpiries ({ entities, makeMove, clock, log }: {
  entities: Entities, makeMove: MakeMove, clock: Clock, log: FastifyBaseLogger
}): Expiries {
  const noted = new Set<string>()
  const queue = fastq.promise(record, concurrency)
  let isClosed = false
  let restsUntil = 0

  /** In the name of whose terms they were, once: who comes second finds it recorded. */
  async function record (messageId: string): Promise<void> {
    try {
      const { data: offer } = await entities.entities.tradeOffer.get({ messageId }).go({ consistent: true })
      if (offer === null) throw new Error(`Offer ${messageId} is not there`)
      const senderId = userOf(offer, offer.terms.by)
      await makeMove(offer, { senderId, asked: [] }, (known, at) => {
        if (!hasRunOut(known, at)) throw new ProblemError('trade_closed')
        return { action: 'expire', by: 'time', at }
      })
      log.debug({ messageId }, 'an expiry was recorded')
    } catch (err) {
      if (err instanceof ProblemError && err.code === 'trade_closed') return log.debug({ messageId }, 'an expiry was recorded by somebody else')
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
