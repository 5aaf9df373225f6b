import type { ApiClient, BackoffOptions, ChatError, Conversation, LiveState, Message, MessageAttachment, RespondTrade, TokenSource, TradeOffer, TradeTerms, User, WebSocketConstructor } from '../index.js'
import type { BroadcastChannelConstructor, LockManagerLike } from './tabs.js'
import type { ChatStorage } from './storage.js'

export interface StoreOptions {
  /** Where the server is, e.g. `https://chat.example`. */
  baseUrl: string
  /** With a function the token is renewed before it expires. */
  token: TokenSource
  /** Whose token it is, where its `sub` doesn't tell: what was kept can then be shown before the server answers. */
  userId?: string
  /** Keeps the outbox and the last of what was seen in the browser (IndexedDB), or in `storage`. Off by default. */
  persist?: boolean
  /** Where to keep it, instead of IndexedDB. */
  storage?: ChatStorage
  /** Whether the tabs of a browser share one connection, where there are Web Locks and BroadcastChannel. On by default. */
  shareConnection?: boolean
  /** How many messages and conversations a page has: 1 to 100, by default 30. */
  pageSize?: number
  /** What went wrong without being the answer to a call. */
  onError?: (error: ChatError) => void
  /** How long a request may take, in milliseconds. */
  timeout?: number
  /** By default the environment's own. */
  fetch?: typeof globalThis.fetch
  /** By default the environment's own, where it has one: give that of `ws` to Node 20. */
  WebSocket?: WebSocketConstructor
  /** `eventStream` never tries a WebSocket: for hosts that pass none. */
  transport?: 'auto' | 'eventStream'
  /** How long to wait before reconnecting, and before a request is repeated. */
  backoff?: BackoffOptions
  /** By default `navigator.locks`, where it is. */
  locks?: LockManagerLike
  /** By default the environment's own, where it has one. */
  BroadcastChannel?: BroadcastChannelConstructor
}

/** What to send: a text, files that were uploaded for the user, or both; or the terms of an offer. */
export type SendBody = TextBody | TradeTermsBody
export type TextBody = { text: string, attachments?: MessageAttachment[] } | { text?: string, attachments: MessageAttachment[] }
export type TradeTermsBody = TradeTerms & { messageType?: 'tradeOffer', text?: string, attachments?: MessageAttachment[] }

/** What became of a move: the offer as it is, where it is known, and why the move was refused. */
export type MoveResult = { offer: TradeOffer, error?: ChatError } | { error: ChatError, offer?: TradeOffer }

/** State of a user's chat that stays right by itself, for whatever shows it. Nothing of it throws or rejects. */
export interface ChatStore {
  /** @returns what ends the subscription */
  subscribe: (listener: () => void) => () => void
  /** What there is to show. What didn't change is the same object as before. */
  getSnapshot: () => ChatSnapshot
  /** Calls of the HTTP API, for all that the store doesn't do. */
  readonly api: ApiClient
  /** The server's clock, in ms since the epoch. */
  now: () => number
  /** Reads the conversations and connects. */
  start: () => void
  /** Ends it for good. */
  close: (options?: { /** Whether what was kept in the browser is removed, what waits to be sent included. */ forget?: boolean }) => void
  /** Tries again at once, also after the connection was closed for good. */
  reconnect: () => void
  /** Reads the first page of conversations if that isn't there, else the next one. */
  loadConversations: () => Promise<ChatError | undefined>
  /** Reads the newest messages with a user and keeps them up to date. @returns what lets go of the thread */
  openThread: (userId: string) => () => void
  /** Reads the page before the first message shown. */
  loadOlder: (userId: string) => Promise<ChatError | undefined>
  /** Reads what follows the last message shown. */
  loadNewer: (userId: string) => Promise<ChatError | undefined>
  /** Sends something, as soon as that is possible. @returns the key of its entry, which is shown at once */
  send: (userId: string, body: SendBody) => string
  /** Tries to send a failed entry again. */
  retry: (key: string) => void
  /** Gives up an entry that wasn't delivered. */
  discard: (key: string) => void
  /** Makes a move in a negotiation, on the revision shown unless it names another. */
  respond: (offerId: string, move: RespondTrade) => Promise<MoveResult>
  /** Everything up to `seq`, by default all that is shown, is read. */
  markRead: (userId: string, seq?: number) => void
  typing: (userId: string) => void
  stopTyping: (userId: string) => void
  /**
   * Leaves a conversation out of `unread`, on all of the user's devices: shown at once, undone if the server refuses.
   * @param until RFC 3339; by default until it is called again
   */
  mute: (userId: string, muted: boolean, until?: string) => Promise<ChatError | undefined>
  /** Nothing is sent between the two any more, nor seen of each other. Shown at once, undone if the server refuses. The other user isn't told. */
  block: (userId: string, blocked: boolean) => Promise<ChatError | undefined>
}

export interface ChatSnapshot {
  /** The user, once known. */
  readonly me?: string
  readonly connection: Connection
  readonly conversations: ConversationList
  /** By user id: those that were opened, or to whose user something is being sent. */
  readonly threads: Readonly<Record<string, Thread>>
  /** The newest state by id, of all offers that were met. */
  readonly offers: Readonly<Record<string, TradeOffer>>
}

/** How the connection is. `isLeader` says whether it is this tab that holds it, where tabs share one. */
export type Connection = Readonly<LiveState> & { readonly isLeader?: boolean }

export interface ConversationList {
  /** Most recent first. */
  readonly items: readonly ConversationItem[]
  /** Those in which only the other user has written, whom this one doesn't know yet; most recent first. They become items by being answered, or blocked. */
  readonly requests: readonly ConversationItem[]
  readonly status: 'idle' | 'loading' | 'ready' | 'failed'
  readonly hasMore: boolean
  /** Unread messages of the conversations loaded, requests included, muted and blocked ones left out. */
  readonly unread: number
  /** How many open offers await the user, in all conversations. */
  readonly yourMove: number
  readonly error?: ChatError
}

export interface ConversationItem {
  readonly userId: string
  readonly user: User
  readonly lastMessage?: Conversation['lastMessage']
  readonly seq: number
  readonly unreadCount: number
  readonly lastReadSeq: number
  readonly otherLastReadSeq: number
  readonly updatedAt: string
  readonly isTyping: boolean
  readonly isMuted: boolean
  /** Until when it is muted, RFC 3339; absent without end. */
  readonly mutedUntil?: string
  /** Whether this user has blocked the other; whether the other has isn't told. */
  readonly isBlocked: boolean
  /** Who has written: both, only the other, who asks to be answered, or only this user. */
  readonly contact: Conversation['contact']
  /** How many open offers of this conversation await the user. */
  readonly yourMove: number
}

export interface Thread {
  readonly userId: string
  /** Oldest first. */
  readonly entries: readonly Entry[]
  readonly status: 'loading' | 'ready' | 'failed'
  readonly hasOlder: boolean
  /** Whether there is more than is shown, e.g. while it is being read. */
  readonly hasNewer: boolean
  readonly isTyping: boolean
  /** Why nothing can be sent now, as far as it is known. */
  readonly refusal?: Refusal
  readonly error?: ChatError
}

/**
 * Why nothing can be sent to a user: this one has blocked them; they don't want it; they have to answer first; there were too many first contacts today;
 * this user is suspended. The `error` of the failed entry or of the move says more.
 */
export type Refusal = 'blocked' | 'not-allowed' | 'reply-awaited' | 'contact-limit' | 'suspended'

/** `queued` waits for a connection, `delivered` is on the server, `failed` waits for `retry` or `discard`. */
export type EntryState = 'received' | 'sending' | 'queued' | 'failed' | 'delivered' | 'read'

export interface Entry {
  /** Never changes, from the moment it is shown. */
  readonly key: string
  readonly isOwn: boolean
  readonly state: EntryState
  /** A pending one has no `seq` yet. */
  readonly message: Message | PendingMessage
  readonly error?: ChatError
}

/** What is on its way. */
export type PendingMessage =
  | Pending & { readonly messageType: 'text', readonly text: string }
  | Pending & { readonly messageType: 'tradeOffer', readonly text?: string, readonly terms: TradeTerms }

interface Pending {
  readonly seq?: undefined
  readonly clientId: string
  readonly receiverId: string
  /** When it was given to the store, by the server's clock. */
  readonly timestamp: string
  readonly attachments?: readonly MessageAttachment[]
}
