import type { ChatSnapshot, ChatStore, ConversationItem, Thread } from '../../../client/src/store/index.js'

export const emptySnapshot: ChatSnapshot = {
  me: 'ann',
  connection: { status: 'connecting' },
  conversations: { items: [], requests: [], status: 'ready', hasMore: false, unread: 0, yourMove: 0 },
  threads: {},
  offers: {}
}

/** A store whose snapshot is set by hand, as to be shown by hooks; `asked` is what was asked of it. */
export function fakeStore (snapshot: ChatSnapshot = emptySnapshot) {
  const listeners = new Set<() => void>()
  const asked: string[] = []
  let time = 0
  const ask = (what: string) => async () => { asked.push(what) }
  const store = {
    subscribe (listener: () => void) {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    getSnapshot: () => snapshot,
    now: () => time,
    loadConversations: ask('conversations'),
    openThread (userId: string) {
      asked.push(`open ${userId}`)
      return () => { asked.push(`let go of ${userId}`) }
    }
  } as Partial<ChatStore> as ChatStore
  return {
    store,
    asked,
    listeners,
    setTime: (now: number) => { time = now },
    set (changes: Partial<ChatSnapshot>) {
      snapshot = { ...snapshot, ...changes }
      for (const listener of listeners) listener()
    },
    snapshot: () => snapshot
  }
}

export function threadOf (userId: string, ...texts: string[]): Thread {
  const entries = texts.map((text, n) => ({
    key: `${userId}-${n}`,
    isOwn: true,
    state: 'queued' as const,
    message: { messageType: 'text' as const, text, clientId: `${userId}-${n}`, receiverId: userId, timestamp: '2026-11-22T10:15:30.123Z' }
  }))
  return { userId, entries, status: 'ready', hasOlder: false, hasNewer: false, isTyping: false }
}

export function conversationWith (userId: string, unreadCount = 0): ConversationItem {
  return {
    userId,
    user: { userId, username: userId, online: null, lastSeenAt: null },
    seq: 1,
    unreadCount,
    lastReadSeq: 0,
    otherLastReadSeq: 0,
    updatedAt: '2026-11-22T10:15:30.123Z',
    isTyping: false,
    isMuted: false,
    isBlocked: false,
    contact: 'established',
    yourMove: 0
  }
}
