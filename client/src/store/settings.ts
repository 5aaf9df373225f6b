import { checkOptions, type Checked } from '../options.js'
import type { BroadcastChannelConstructor, LockManagerLike } from './tabs.js'
import type { StoreOptions } from './types.js'

/** Options with what is left out filled in, from what the environment has. */
export interface Settings extends Checked<StoreOptions> {
  pageSize: number
  /** What it takes to share a connection, if it is to be shared and there is all of it. */
  sharing: { locks: LockManagerLike, BroadcastChannel: BroadcastChannelConstructor } | undefined
}

/** @throws TypeError if an option is wrong */
export function settingsOf (options: StoreOptions): Settings {
  const global = globalThis as { navigator?: { locks?: LockManagerLike }, BroadcastChannel?: BroadcastChannelConstructor, indexedDB?: IDBFactory }
  const {
    pageSize = 30, shareConnection = true, locks = global.navigator?.locks, BroadcastChannel = global.BroadcastChannel, ...given
  } = checkOptions(options)
  if (given.persist && !(given.storage ?? global.indexedDB)) throw new TypeError('The option storage must be given without IndexedDB')
  return {
    ...given,
    pageSize,
    sharing: shareConnection && locks && BroadcastChannel ? { locks, BroadcastChannel } : undefined
  }
}
