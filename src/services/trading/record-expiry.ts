import type { FastifyBaseLogger } from 'fastify'
import type { Entities } from '../../database/entities/index.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { MakeMove } from './moves.js'
import { hasRunOut, userOf } from './offers.js'

/**
 * Records that an offer has run out, in the name of whose terms they were, once: who comes second finds it recorded. Of an offer that
 * is closed, or not due, nothing comes. Costs 1 RCU and 10 WCU.
 * @throws as sending does
 */
export type RecordExpiry = (messageId: string) => Promise<void>

export function createRecordExpiry ({ entities: { direct }, makeMove, log }: {
  entities: Entities, makeMove: MakeMove, log: FastifyBaseLogger
}): RecordExpiry {
  return async messageId => {
    const offer = await direct.tradeOffer.get({ messageId }, { consistent: true })
    if (offer === undefined) throw new Error(`Offer ${messageId} is not there`)
    try {
      await makeMove(offer, { senderId: userOf(offer, offer.terms.by), asked: [] }, (known, at) => {
        if (!hasRunOut(known, at)) throw new ProblemError('trade_closed')
        return { action: 'expire', by: 'time', at }
      })
      log.debug({ messageId }, 'an expiry was recorded')
    } catch (err) {
      if (!(err instanceof ProblemError && err.code === 'trade_closed')) throw err
      log.debug({ messageId }, 'an expiry was recorded by somebody else')
    }
  }
}
