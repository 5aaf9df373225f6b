import { useEffect, useMemo } from 'react'
import type { ChatSnapshot, ConversationList, Thread } from '../store/index.js'
import { useStore } from './provider.js'
import { useChat } from './use-chat.js'

/** How the connection is. */
export function useConnection (): ChatSnapshot['connection'] {
  return useChat(selectConnection)
}

/** The conversations, most recent first. The first page is read if nobody has asked for it. */
export function useConversations (): ConversationList {
  const store = useStore()
  useEffect(() => {
    if (selectConversations(store.getSnapshot()).status === 'idle') store.loadConversations()
  }, [store])
  return useChat(selectConversations)
}

/** The messages with a user, kept up to date for as long as a component shows them. */
export function useThread (userId: string): Thread {
  const store = useStore()
  useEffect(() => store.openThread(userId), [store, userId])
  // What there is before the store has heard that the thread is shown.
  const unopened = useMemo<Thread>(() => ({ userId, entries: [], status: 'loading', hasOlder: false, hasNewer: false, isTyping: false }), [userId])
  return useChat(({ threads }) => own(threads, userId)) ?? unopened
}

/** An offer as it is now, wherever it was heard of; undefined of one that wasn't. */
export function useOffer (offerId: string): ChatSnapshot['offers'][string] | undefined {
  return useChat(({ offers }) => own(offers, offerId))
}

function selectConnection ({ connection }: ChatSnapshot) {
  return connection
}

function selectConversations ({ conversations }: ChatSnapshot) {
  return conversations
}

/** A member by a name that others chose: a user may be called `constructor`. */
function own<Value> (members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined
}
