import fp from 'fastify-plugin'
import { createCounting } from '../services/analytics/counting/counting.js'
import { Generations } from '../services/analytics/generations.js'
import { createMoveConsumer } from '../work/count-moves.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined where nothing is counted. */
    analytics: { generations: Generations } | undefined
  }
}

/** Counts what happens in negotiations, unless that is off. */
export default fp(async app => {
  const { config, entities: { direct }, work } = app
  const generations = config.ANALYTICS === 'on' ? new Generations(direct) : undefined
  app.decorate('analytics', generations && { generations })
  if (generations === undefined) return
  work.consumers.push(createMoveConsumer(createCounting({ direct, generations, granularity: config.MARKET_GRANULARITY })))
}, { name: 'analytics', dependencies: ['config', 'dynamodb', 'services', 'work'] })
