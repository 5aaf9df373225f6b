import { Counter, type Registry } from 'prom-client'
import type { ObjectStore } from '../../storage/object-store.js'
import { storeOperations, watchStore } from '../../storage/watched.js'

/** Counts what the store of attachments is asked, and how that ends. @returns the store to ask */
export function measureStorage<Store extends ObjectStore> (registry: Registry, store: Store): Store {
  const calls = new Counter({
    name: 'equilux_storage_calls_total',
    help: 'Operations of the store of attachments by outcome: ok, or failed where it can\'t be reached or doesn\'t do what it should',
    labelNames: ['operation', 'outcome'],
    registers: [registry]
  })
  for (const operation of storeOperations) for (const outcome of ['ok', 'failed']) calls.inc({ operation, outcome }, 0)
  return watchStore(store, (operation, outcome) => calls.inc({ operation, outcome }))
}
