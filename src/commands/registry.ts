import { loadConfig, readEnvironment } from '../config/environment.js'
import { createEntities } from '../database/entities/index.js'
import { createTable } from '../database/table.js'
import { createRegistry, type Registry } from '../services/integrations/registry.js'
import { withDatabase } from './database.js'
import { UsageError } from './run.js'

/** Does something with the integrations in the configured table; the embedded one is created where it isn't there. @throws UsageError where another one isn't */
export async function withRegistry<Result> (use: (registry: Registry) => Promise<Result>): Promise<Result> {
  const config = loadConfig(readEnvironment())
  const { DYNAMODB, TABLE_NAME: table } = config
  return await withDatabase(config, async client => {
    if (DYNAMODB === 'embedded') await createTable(client.sdk, table)
    try {
      return await use(createRegistry({ entities: createEntities({ client, table }), now: Date.now }))
    } catch (error) {
      if ((error as Error).name !== 'ResourceNotFoundException') throw error
      throw new UsageError(`There is no table ${table}; \`npm run table\` creates it`)
    }
  })
}
