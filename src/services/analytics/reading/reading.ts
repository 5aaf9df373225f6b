import type { Config } from '../../../../schemas/config.js'
import type { Direct } from '../../../database/direct/index.js'
import type { Clock } from '../../../shared/clock.js'
import type { Generations } from '../generations.js'
import { createReadCounterparties, type ReadCounterparties } from './counterparties.js'
import { createReadMarket, type ReadMarket } from './market.js'
import { createReadOperatorFigures, type Backlog, type ReadOperatorFigures } from './operator-figures.js'
import { createReadOwnFigures, type ReadOwnFigures } from './own-figures.js'

/** What is told of the figures that were counted. */
export interface Reading {
  own: ReadOwnFigures
  counterparties: ReadCounterparties
  market: ReadMarket
  operator: ReadOperatorFigures
}

/**
 * @param options.config DEFAULT_CURRENCY, MARKET_GRANULARITY and STATS_K are read
 * @param options.backlog what is due, where this instance knows
 */
export function createReading ({ config, backlog, ...given }: {
  direct: Direct, generations: Generations, clock: Clock, config: Config, backlog: Backlog
}): Reading {
  const options = { ...given, currency: config.DEFAULT_CURRENCY }
  const readMarket = createReadMarket({ ...options, granularity: config.MARKET_GRANULARITY, k: config.STATS_K })
  return {
    own: createReadOwnFigures(options),
    counterparties: createReadCounterparties(options),
    market: readMarket,
    operator: createReadOperatorFigures({ ...options, readMarket, backlog })
  }
}
