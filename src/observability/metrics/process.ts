import { collectDefaultMetrics, Registry } from 'prom-client'

let shared: Registry | undefined

/**
 * Processor, memory, garbage collection and event loop of the process. They are its own and not an app's: what observes
 * them can't be ended, so that each further app would leave one more behind.
 */
export function processMetrics (): Registry {
  if (shared === undefined) {
    shared = new Registry()
    collectDefaultMetrics({ register: shared })
  }
  return shared
}
