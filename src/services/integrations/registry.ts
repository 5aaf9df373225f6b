import type { Scope } from '../../../schemas/integration.js'
import type { Entities } from '../../database/entities/index.js'
import type { IntegrationItem, StoredKey } from '../../database/entities/integration.js'
import type { IndexKeys } from '../../database/direct/direct-entity.js'
import { conditionFailure, databaseUnavailable } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import { PlainError } from '../../shared/plain-error.js'
import { isValid, makeKey, newIntegrationId } from './keys.js'

/** How many keys of an integration may be valid at once: the old and the new one while they are exchanged. */
const maxValidKeys = 2
const pageSize = 100

/** Why an operator's wish is refused, in words. */
export class RegistryRefusal extends PlainError {}

/** A key that was made: the only time that it is known, and what is kept of it. */
export interface MadeKey {
  key: string
  stored: StoredKey
}

/** What operators do with integrations. All of it throws a RegistryRefusal where an id isn't there. */
export interface Registry {
  /** Makes an integration with its first key. @param endsAt when the key ends, in ms since the epoch; never without it */
  create: (integration: { name: string, scopes: Scope[] }, endsAt?: number) => Promise<MadeKey & { integration: IntegrationItem }>
  /** All of them, by id. */
  list: () => Promise<IntegrationItem[]>
  /** Makes another key; those that have ended are forgotten. @throws RegistryRefusal where two are valid */
  addKey: (integrationId: string, endsAt?: number) => Promise<MadeKey>
  /** Forgets a key. */
  revokeKey: (integrationId: string, keyId: string) => Promise<void>
  /** Refuses all keys of an integration, or no longer. */
  setDisabled: (integrationId: string, isDisabled: boolean) => Promise<void>
}

/** @param options.now the time in ms since the epoch */
export function createRegistry ({ entities, now }: { entities: Entities, now: () => number }): Registry {
  const { integration } = entities.direct

  /** Makes a change of an integration as it is. What `next` throws ends it. */
  async function change (integrationId: string, next: (item: IntegrationItem) => Partial<IntegrationItem>): Promise<void> {
    for await (const _ of attempts()) {
      const item = await integration.get({ integrationId }, { consistent: true })
      if (item === undefined) throw new RegistryRefusal(`There is no integration ${integrationId}`)
      const { version } = item
      try {
        await integration.change({ integrationId }, { ...next(item), version: version + 1 }, { equal: { version } })
        return
      } catch (error) {
        if (conditionFailure(error) === undefined) throw error
      }
    }
    throw databaseUnavailable()
  }

  return {
    async create ({ name, scopes }, endsAt) {
      const integrationId = newIntegrationId()
      const made = makeKey(integrationId, now(), endsAt)
      const item = { integrationId, name, scopes, keys: [made.stored], isDisabled: false, version: 1 }
      await entities.entities.integration.create(item).go()
      return { ...made, integration: item }
    },

    async list () {
      const ids: string[] = []
      for (let after: IndexKeys | undefined; ;) {
        const { items, more } = await integration.readIndex('all', {}, { limit: pageSize, order: 'asc', after })
        ids.push(...items.flatMap(({ gsi1sk }) => gsi1sk ?? []))
        after = items.at(-1)
        if (!more) break
      }
      const found = await integration.getAll(ids.map(integrationId => ({ integrationId })), { consistent: true })
      return found.sort((one, other) => one.integrationId < other.integrationId ? -1 : 1)
    },

    async addKey (integrationId, endsAt) {
      const made = makeKey(integrationId, now(), endsAt)
      await change(integrationId, ({ keys }) => {
        const valid = keys.filter(key => isValid(key, now()))
        if (valid.length >= maxValidKeys) {
          throw new RegistryRefusal(`${valid.length} keys of ${integrationId} are valid already, ${valid.map(({ id }) => id).join(' and ')}: revoke one first`)
        }
        return { keys: [...valid, made.stored] }
      })
      return made
    },

    async revokeKey (integrationId, keyId) {
      await change(integrationId, ({ keys }) => {
        const left = keys.filter(({ id }) => id !== keyId)
        if (left.length === keys.length) throw new RegistryRefusal(`${integrationId} has no key ${keyId}`)
        return { keys: left }
      })
    },

    async setDisabled (integrationId, isDisabled) {
      await change(integrationId, () => ({ isDisabled }))
    }
  }
}
