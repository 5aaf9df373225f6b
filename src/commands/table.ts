import { loadConfig, readEnvironment } from '../config/environment.js'
import { createDatabaseClient, patient } from '../database/client.js'
import { createTable } from '../database/table.js'
import { startEmbeddedDynamoDB } from '../local/embedded-dynamodb.js'
import { createLogger } from '../observability/logger.js'

/** Behind `npm run table`: creates the table of the configured database. */
const config = loadConfig(readEnvironment())
const embedded = config.DYNAMODB === 'embedded' ? await startEmbeddedDynamoDB({ dataDir: config.DATA_DIR, log: createLogger(config) }) : undefined
const client = createDatabaseClient({ ...config, DYNAMODB: embedded?.endpoint ?? config.DYNAMODB }, patient)
try {
  const created = await createTable(client.sdk, config.TABLE_NAME)
  process.stdout.write(`${created ? 'Created' : 'Already there'}: table ${config.TABLE_NAME}\n`)
} finally {
  client.destroy()
  await embedded?.close()
}
