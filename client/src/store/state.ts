import type { ChatError, LiveState } from '../index.js'
import type { Heads } from './heads.js'
import type { Offers } from './offers.js'
import type { Keeping } from './persistence.js'
import type { Outbox } from './outbox.js'
import type { Threads } from './threads.js'
import type { ConversationList } from './types.js'

/** Where everything stands. */
export interface State {
  readonly me: string | undefined
  readonly heads: Heads
  readonly offers: Offers
  readonly threads: Threads
  readonly outbox: Outbox
  readonly typing: { has: (userId: string) => boolean }
  readonly lists: { status: ConversationList['status'], hasMore: boolean, error: ChatError | undefined }
  readonly connection: LiveState
  /** Where events come from, once it has started. */
  readonly feed: { isLeader: boolean | undefined } | undefined
  /** What keeps things, once it is loaded. */
  keeping: Keeping | undefined
  readonly now: () => number
}

/** Whether no call can succeed now: there is no network, or the app has to do something. */
export function isHopeless ({ status }: LiveState): boolean {
  return status === 'offline' || status === 'closed'
}
