import type { Integration } from '../../../schemas/integration.js'
import type { Entities } from '../../database/entities/index.js'
import type { IntegrationItem } from '../../database/entities/integration.js'

export interface Integrations {
  /** An integration as it sees itself, strongly consistent; its id is that of one that was there. Costs 1 RCU. */
  get: (integrationId: string) => Promise<Integration>
}

export function createIntegrations ({ entities }: { entities: Entities }): Integrations {
  return {
    async get (integrationId) {
      const item = await entities.direct.integration.get({ integrationId }, { consistent: true })
      if (item === undefined) throw new Error(`Integration ${integrationId} is not there`)
      return showIntegration(item)
    }
  }
}

function showIntegration ({ integrationId, name, scopes, keys }: IntegrationItem): Integration {
  return {
    integrationId,
    name,
    scopes,
    keys: keys.map(({ id, createdAt, endsAt }) => ({
      id, createdAt: new Date(createdAt).toISOString(), endsAt: endsAt === undefined ? null : new Date(endsAt).toISOString()
    }))
  }
}
