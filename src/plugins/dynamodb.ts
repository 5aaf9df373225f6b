import fp from 'fastify-plugin'
import { createDatabaseClient } from '../database/client.js'
import { DatabaseClock } from '../database/clock.js'
import type { DatabaseClient, Patience } from '../database/database-client.js'
import { createEntities, type Entities } from '../database/entities/index.js'
import { measureClock } from '../observability/metrics/clock.js'
import { measureDynamoDB } from '../observability/metrics/dynamodb.js'
import { traceDynamoDB } from '../observability/tracing/dynamodb.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** The time that messages and terms go by. */
    clock: DatabaseClock
    dynamodb: DatabaseClient
    entities: Entities
  }
}

/** The client, the entities and the clock. Nothing is asked of the database here: documents are emitted without one. */
export default fp<{ patience?: Patience }>(async (app, { patience }) => {
  const clock = new DatabaseClock((isSkewed, ahead) => {
    const seconds = Math.round(ahead / 1000)
    if (isSkewed) app.log.warn({ seconds }, 'this machine\'s clock is apart from the database\'s, whose time is used')
    else app.log.info('this machine\'s clock is right again')
  })
  const client = createDatabaseClient(app.config, patience, clock)
  traceDynamoDB(client)
  measureDynamoDB(app.metrics, client)
  measureClock(app.metrics, clock)
  app.decorate('clock', clock)
  app.decorate('dynamodb', client)
  app.decorate('entities', createEntities({ client, table: app.config.TABLE_NAME }))
  app.addHook('onClose', async () => client.destroy())
}, { name: 'dynamodb', dependencies: ['config', 'metrics'] })
