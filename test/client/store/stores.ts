import type { Test } from 'tap'
import { WebSocket } from 'ws'
import { createStore, type ChatSnapshot, type ChatStore, type StoreOptions, type Thread } from '../../../client/src/store/index.js'
import { sleep, until } from '../../support/live.js'

/** A store that is started and closed with the test. */
export function openStore (t: Test, options: Pick<StoreOptions, 'baseUrl' | 'token'> & Partial<StoreOptions>) {
  const store = createStore({ WebSocket, backoff: { base: 20, cap: 100 }, shareConnection: false, ...options })
  t.teardown(() => store.close())
  store.start()
  return { store, ...shown(store) }
}

/** What a store shows, in short. */
export function shown (store: ChatStore) {
  const thread = (userId: string): Thread | undefined => store.getSnapshot().threads[userId]
  return {
    thread,
    /** The texts of a thread with the states of their entries. */
    texts: (userId: string) => thread(userId)?.entries.map(({ message, state }) => `${message.text ?? message.messageType} ${state}`) ?? [],
    /** A conversation, a request included. */
    item (userId: string) {
      const { items, requests } = store.getSnapshot().conversations
      return [...items, ...requests].find(item => item.userId === userId)
    },
    /** Waits until what is shown is as it should be. */
    shows: async (what: string, holds: (snapshot: ChatSnapshot) => boolean) => await until(what, () => holds(store.getSnapshot()))
  }
}

/** Waits until a store's connection is live. */
export async function live (store: ChatStore): Promise<void> {
  await until('the store is live', () => store.getSnapshot().connection.status === 'live')
}

/** Waits until a store has told nothing for a while. */
export async function quiet (store: ChatStore): Promise<void> {
  let told = -1
  let count = 0
  const off = store.subscribe(() => { count++ })
  while (told !== count) {
    told = count
    await sleep(300)
  }
  off()
}
