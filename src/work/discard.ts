import type { ObjectStore } from '../storage/object-store.js'
import type { TimerHandler } from './timers.js'

/** Removes the bytes of an infected attachment, the timer's subject. Where nothing is stored any more (ATTACHMENTS=off) nothing is left to do. */
export function createDiscardHandler (storage: Pick<ObjectStore, 'remove'> | undefined): TimerHandler {
  return async ({ subject }) => {
    await storage?.remove(subject)
    return { done: true }
  }
}
