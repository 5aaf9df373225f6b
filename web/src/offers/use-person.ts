import type { User } from 'equilux-chat-client'
import { useChat, useStore } from 'equilux-chat-client/react'
import type { ChatStore } from 'equilux-chat-client/store'
import { useCallback, useEffect, useSyncExternalStore } from 'react'

/** Names of people who aren't among the conversations loaded, asked for once each. */
class Directory {
  readonly #names = new Map<string, string | undefined>()
  readonly #listeners = new Set<() => void>()
  #version = 0

  constructor (private readonly store: ChatStore) {}

  get version (): number {
    return this.#version
  }

  nameOf (userId: string): string | undefined {
    return this.#names.get(userId)
  }

  subscribe (listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async ask (userId: string): Promise<void> {
    if (this.#names.has(userId)) return
    this.#names.set(userId, undefined)
    const { data } = await this.store.api.GET('/api/messages/users/{userId}', { params: { path: { userId } } })
    // Whoever can't be asked for now is shown by the id, and asked for again by the next who shows it.
    if (data === undefined) this.#names.delete(userId)
    else this.#names.set(userId, (data as User).username)
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}

const directories = new WeakMap<ChatStore, Directory>()

function directoryOf (store: ChatStore): Directory {
  const directory = directories.get(store) ?? new Directory(store)
  directories.set(store, directory)
  return directory
}

/** What other people are called; their id until that is known. Names of those given are asked for if need be. */
export function useNames (userIds: readonly string[]): (userId: string) => string {
  const store = useStore()
  const directory = directoryOf(store)
  const isListed = useChat(({ conversations }) => conversations.status === 'ready' || conversations.status === 'failed')
  const known = useChat(({ conversations }) => Object.fromEntries([...conversations.items, ...conversations.requests].map(({ userId, user }) => [`of ${userId}`, user.username])))
  const version = useSyncExternalStore(useCallback(listener => directory.subscribe(listener), [directory]), () => directory.version)
  const missing = userIds.filter(userId => userId !== '' && known[`of ${userId}`] === undefined).join(' ')
  useEffect(() => {
    if (isListed && missing !== '') for (const userId of missing.split(' ')) directory.ask(userId)
  }, [directory, isListed, missing])
  return useCallback(userId => known[`of ${userId}`] ?? directory.nameOf(userId) ?? userId, [known, directory, version])
}

/** What another user is called. */
export function useName (userId: string): string {
  return useNames([userId])(userId)
}

/** What gets the names of people, asking for those that aren't known. */
export function useNamesOf (): (userIds: readonly string[]) => Promise<(userId: string) => string> {
  const store = useStore()
  return useCallback(async userIds => {
    const directory = directoryOf(store)
    const { items, requests } = store.getSnapshot().conversations
    const names = new Map([...items, ...requests].map(({ userId, user }) => [userId, user.username]))
    for (const userId of new Set(userIds)) if (!names.has(userId)) await directory.ask(userId)
    return userId => names.get(userId) ?? directory.nameOf(userId) ?? userId
  }, [store])
}
