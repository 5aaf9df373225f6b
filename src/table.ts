import { loadConfig, readEnvironment } from './config.js'
import { createDynamoDBClient } from './dynamodb-client.js'
import { createTable } from './entities/table.js'
import { startEmbeddedDynamoDB } from './local/embedded-dynamodb.js'
import { createLogger } from './logger.js'

/** Behind `npm run table`: creates the table of the configured database. */
const config = loadConfig(readEnvironment())
const embedded = config.DYNAMODB === 'embedded' ? await startEmbeddedDynamoDB({ dataDir: config.DATA_DIR, log: createLogger(config) }) : undefined
const client = createDynamoDBClient({ ...config, DYNAMODB: embedded?.endpoint ?? config.DYNAMODB })
try {
  const created = await createTable(client, config.TABLE_NAME)
  process.stdout.write(`${created ? 'Created' : 'Already there'}: table ${config.TABLE_NAME}\n`)
} finally {
  client.destroy()
  await embedded?.close()
}
