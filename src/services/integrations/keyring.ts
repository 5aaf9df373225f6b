import type { Scope } from '../../../schemas/integration.js'
import type { IntegrationItem } from '../../database/entities/integration.js'
import type { Entities } from '../../database/entities/index.js'
import { BoundedMap } from '../../shared/bounded-map.js'
import type { Clock } from '../../shared/clock.js'
import { findKey, type GivenKey } from './keys.js'

/** How long what is remembered of an integration lets a key in, in ms: until then one that was revoked may still work. */
const acceptsFor = 15_000
/** How long it refuses one, in ms: a new key works almost at once. */
const refusesFor = 1000
/** How many integrations are remembered. */
const maxRemembered = 1000

/** Whose a key is, and which. */
export interface KeyHolder {
  integrationId: string
  name: string
  scopes: readonly Scope[]
  keyId: string
}

export interface Keyring {
  /**
   * Whose a key is; undefined where it is nobody's, has ended, was revoked, or its integration is disabled. Costs 1 RCU where the
   * integration isn't remembered.
   */
  holderOf: (key: GivenKey) => Promise<KeyHolder | undefined>
  /** Whether an integration was there when it was last asked for: then it costs little to ask again. */
  knows: (key: GivenKey) => boolean
}

export function createKeyring ({ entities, clock }: { entities: Entities, clock: Clock }): Keyring {
  /** `at` is when it was asked for, in ms of `performance.now()`. */
  const remembered = new BoundedMap<string, { item: Promise<IntegrationItem | undefined>, at: number }>(maxRemembered)

  function read (integrationId: string): Promise<IntegrationItem | undefined> {
    const item = entities.direct.integration.get({ integrationId }, { consistent: true })
    remembered.set(integrationId, { item, at: performance.now() })
    const forget = () => { if (remembered.get(integrationId)?.item === item) remembered.delete(integrationId) }
    // Ids that somebody makes up take no room.
    item.then(found => { if (found === undefined) forget() }, forget)
    return item
  }

  async function find (integrationId: string, maxAge: number): Promise<IntegrationItem | undefined> {
    const known = remembered.get(integrationId)
    return await (known !== undefined && performance.now() - known.at < maxAge ? known.item : read(integrationId))
  }

  function judge (item: IntegrationItem | undefined, secret: string): KeyHolder | undefined {
    if (item === undefined || item.isDisabled) return undefined
    const { integrationId, name, scopes, keys } = item
    const found = findKey(keys, secret, clock.now())
    return found && { integrationId, name, scopes, keyId: found.id }
  }

  return {
    async holderOf ({ integrationId, secret }) {
      const item = await find(integrationId, acceptsFor)
      if (item === undefined) return undefined
      return judge(item, secret) ?? judge(await find(integrationId, refusesFor), secret)
    },

    knows: ({ integrationId }) => remembered.has(integrationId)
  }
}
