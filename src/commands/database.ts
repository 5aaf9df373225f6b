import type { Config } from '../../schemas/config.js'
import { createDatabaseClient, patient } from '../database/client.js'
import type { DatabaseClient } from '../database/database-client.js'
import { reachEmbeddedDynamoDB } from '../local/reach-embedded-dynamodb.js'
import { createLogger } from '../observability/logger.js'

/**
 * Does something with the configured database, the embedded one whether or not a server is running with it. What is logged goes to the
 * standard error.
 */
export async function withDatabase<Result> (config: Config, use: (client: DatabaseClient) => Promise<Result>): Promise<Result> {
  const log = createLogger(config, process.stderr)
  const embedded = config.DYNAMODB === 'embedded' ? await reachEmbeddedDynamoDB({ dataDir: config.DATA_DIR, log }) : undefined
  const client = createDatabaseClient({ ...config, DYNAMODB: embedded?.endpoint ?? config.DYNAMODB }, patient)
  try {
    return await use(client)
  } finally {
    client.destroy()
    await embedded?.close()
  }
}
