import { loadConfig, readEnvironment } from '../config/environment.js'
import { createEntities } from '../database/entities/index.js'
import { createRegistry, type Registry } from '../services/integrations/registry.js'
import { withTable } from './database.js'

/** Does something with the integrations in the configured table; the embedded one is created where it isn't there. @throws UsageError where another one isn't */
export async function withRegistry<Result> (use: (registry: Registry) => Promise<Result>): Promise<Result> {
  return await withTable(loadConfig(readEnvironment()), async place => await use(createRegistry({ entities: createEntities(place), now: Date.now })))
}
