import { loadConfig, readEnvironment } from '../config/environment.js'
import { createTable } from '../database/table.js'
import { withDatabase } from './database.js'

/** Behind `npm run table`: creates the table of the configured database. */
const config = loadConfig(readEnvironment())
const created = await withDatabase(config, async client => await createTable(client.sdk, config.TABLE_NAME))
process.stdout.write(`${created ? 'Created' : 'Already there'}: table ${config.TABLE_NAME}\n`)
