/** State of a user's chat that stays right by itself: conversations, threads, offers, what is being sent, the connection. */
export { createStore } from './store.js'
export { memoryStorage, type ChatStorage } from './storage.js'
export type { BroadcastChannelConstructor, BroadcastChannelLike, LockManagerLike } from './tabs.js'
export type {
  ChatSnapshot, ChatStore, Connection, ConversationItem, ConversationList, Entry, EntryState, MoveResult, PendingMessage, Refusal, SendBody, StoreOptions,
  TextBody, Thread, TradeTermsBody
} from './types.js'
