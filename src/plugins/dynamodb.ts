import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import fp from 'fastify-plugin'
import { createDynamoDBClient } from '../database/client.js'
import { createEntities, type Entities } from '../database/entities/index.js'
import { measureDynamoDB } from '../observability/metrics/dynamodb.js'

declare module 'fastify' {
  interface FastifyInstance {
    dynamodb: DynamoDBClient
    entities: Entities
  }
}

/** The client and the entities. Nothing is asked of the database here: documents are emitted without one. */
export default fp(async app => {
  const client = createDynamoDBClient(app.config)
  measureDynamoDB(app.metrics, client)
  app.decorate('dynamodb', client)
  app.decorate('entities', createEntities({ client, table: app.config.TABLE_NAME }))
  app.addHook('onClose', async () => client.destroy())
}, { name: 'dynamodb', dependencies: ['config', 'metrics'] })
