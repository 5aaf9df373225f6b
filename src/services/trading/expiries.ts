import fastq from 'fastq'
import type { FastifyBaseLogger } from 'fastify'
import type { TradeOfferItem } from '../../database/entities/trade-offer.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { MakeMove } from './moves.js'
import { isDue, standing } from './negotiation.js'
import { movesOf, userOf } from './offers.js'

/** How many expiries are recorded at a time. */
const concurrency = 2
/** How long nothing is recorded after a failure, in ms: it would be in the way of what users write. */
const rest = 5000
/** How many may wait; those beyond are recorded when they are met again. */
const maxWaiting = 1000

/** Records that offers have run out, best effort and in the background: nobody waits for it, for it shows without. */
export interface Expiries {
  /** Takes note of an offer that was read; of one that is not due nothing comes. */
  note: (offer: TradeOfferItem) => void
  /** Gives up what waits, and resolves when what has begun has ended. */
  close: () => Promise<void>
}

export function createExpiries ({ makeMove, clock, log }: { makeMove: MakeMove, clock: Clock, log: FastifyBaseLogger }): Expiries {
  const noted = new Set<string>()
  const queue = fastq.promise(record, concurrency)
  let isClosed = false
  let restsUntil = 0

  /** In the name of whose terms they were, once: who comes second finds it recorded. */
  async function record (offer: TradeOfferItem): Promise<void> {
    const senderId = userOf(offer, standing(movesOf(offer)).proposal.by)
    const { messageId } = offer
    try {
      await makeMove(offer, { senderId, asked: [] }, (known, at) => {
        if (!isDue(standing(movesOf(known)), at)) throw new ProblemError('trade_closed')
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
      if (!isDue(standing(movesOf(offer)), now)) return
      noted.add(messageId)
      queue.push(offer)
    },
    async close () {
      isClosed = true
      queue.kill()
      await queue.drained()
    }
  }
}
