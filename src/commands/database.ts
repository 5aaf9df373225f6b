import type { Config } from '../../schemas/config.js'
import { createDatabaseClient, patient } from '../database/client.js'
import { createTable } from '../database/table.js'
import type { DatabaseClient } from '../database/database-client.js'
import { reachEmbeddedDynamoDB } from '../local/reach-embedded-dynamodb.js'
import { createLogger } from '../observability/logger.js'
import { UsageError } from './run.js'

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

/** Does something with the configured table; the embedded one is created where it isn't there. @throws UsageError where another one isn't */
export async function withTable<Result> (config: Config, use: (place: { client: DatabaseClient, table: string }) => Promise<Result>): Promise<Result> {
  const { DYNAMODB, TABLE_NAME: table } = config
  return await withDatabase(config, async client => {
    if (DYNAMODB === 'embedded') await createTable(client.sdk, table)
    try {
      return await use({ client, table })
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException') throw error
      throw new UsageError(`There is no table ${table}; \`npm run table\` creates it`)
    }
  })
}
