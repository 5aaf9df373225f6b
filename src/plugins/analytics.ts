import fp from 'fastify-plugin'
import { createCounting } from '../services/analytics/counting/counting.js'
import { Generations } from '../services/analytics/generations.js'
import { createReading, type Reading } from '../services/analytics/reading/reading.js'
import { createMoveConsumer } from '../work/count-moves.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined where nothing is counted. */
    analytics: { generations: Generations, reading: Reading } | undefined
  }
}

/** Counts what happens in negotiations, and tells the figures, unless that is off. */
export default fp(async app => {
  const { clock, config, entities: { direct }, work } = app
  const generations = config.ANALYTICS === 'on' ? new Generations(direct) : undefined
  const reading = generations && createReading({ direct, generations, clock, config, backlog: () => work.backlog() })
  app.decorate('analytics', reading && { generations, reading })
  if (generations === undefined) return
  work.consumers.push(createMoveConsumer(createCounting({ direct, generations, granularity: config.MARKET_GRANULARITY })))
}, { name: 'analytics', dependencies: ['config', 'dynamodb', 'services', 'work'] })
