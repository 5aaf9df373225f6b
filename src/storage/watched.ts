import { ProblemError } from '../wire/problem-error.js'
import type { ObjectStore } from './object-store.js'

/** What a store is asked. */
export const storeOperations = ['signUpload', 'signDownload', 'head', 'readStart', 'open', 'keep', 'verdict', 'remove'] as const
export type StoreOperation = typeof storeOperations[number]

const known: ReadonlySet<unknown> = new Set(storeOperations)

/**
 * The same store, of which is told how each operation ends.
 * @param note is told whether it could be done: that an object isn't there is an answer, not a fault
 */
export function watchStore<Store extends ObjectStore> (store: Store, note: (operation: StoreOperation, outcome: 'ok' | 'failed') => void): Store {
  return new Proxy(store, {
    get (target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (!known.has(name)) return value.bind(target) as unknown
      return async (...parameters: unknown[]) => {
        try {
          const result: unknown = await value.apply(target, parameters)
          note(name as StoreOperation, 'ok')
          return result
        } catch (error) {
          note(name as StoreOperation, error instanceof ProblemError && error.code !== 'storage_unavailable' ? 'ok' : 'failed')
          throw error
        }
      }
    }
  })
}
