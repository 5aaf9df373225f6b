import { checkOptions } from '../options.js'
import { indexedDbStorage } from './indexed-db.js'
import type { ChatStorage } from './storage.js'
import type { BroadcastChannelConstructor, LockManagerLike } from './tabs.js'
import type { StoreOptions } from './types.js'

/** Options with what is left out filled in, from what the environment has. */
export interface Settings {
  server: ReturnType<typeof checkOptions<StoreOptions>>
  pageSize: number
  /** Where to keep things, if they are to be kept. */
  storage?: ChatStorage | undefined
  /** What it takes to share a connection, if it is to be shared and there is all of it. */
  sharing?: { locks: LockManagerLike, BroadcastChannel: BroadcastChannelConstructor } | undefined
}

/** @throws TypeError if an option is wrong */
export function settingsOf (options: StoreOptions): Settings {
  const { persist = false, shareConnection = true, pageSize = 30, userId } = options
  const server = checkOptions(options)
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 100) throw new TypeError('The option pageSize must be a whole number from 1 to 100')
  if (userId !== undefined && (typeof userId !== 'string' || userId === '')) throw new TypeError('The option userId must be a user id')
  const global = globalThis as { navigator?: { locks?: LockManagerLike }, BroadcastChannel?: BroadcastChannelConstructor, indexedDB?: IDBFactory }
  const { locks = global.navigator?.locks, BroadcastChannel = global.BroadcastChannel, storage = global.indexedDB && indexedDbStorage(global.indexedDB) } = options
  if (persist && storage === undefined) throw new TypeError('There is no IndexedDB here: give a storage as an option, or leave persist out')
  return {
    server,
    pageSize,
    storage: persist ? storage : undefined,
    sharing: shareConnection && locks !== undefined && BroadcastChannel !== undefined ? { locks, BroadcastChannel } : undefined
  }
}
