import type { ChatError, LiveState } from '../index.js'
import type { HeadData, Heads } from './heads.js'
import type { Offers } from './offers.js'
import type { Outbox, Outgoing } from './outbox.js'
import type { Threads } from './threads.js'
import type { ChatSnapshot, ConversationList } from './types.js'

/** What is told whoever keeps things. */
export interface Keeping {
  keepOutgoing: (entry: Outgoing) => void
  forgetOutgoing: (key: string) => void
  /** Something else is shown. */
  note: (snapshot: ChatSnapshot) => void
  /** What isn't kept yet is to be, at once. */
  flush: () => void
  /** What is kept is to be removed, and nothing is to be kept any more. */
  forget: () => void
  /** Takes over what is to be sent and was left by others. */
  takeLeft: () => Promise<void>
  /** Gives up a log that was kept from another time if the server's doesn't go on from it. */
  verify: (userId: string, conversation: HeadData) => void
}

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
  /** Whether it has ended, and nothing of it is to be kept. */
  forget: boolean | undefined
  readonly now: () => number
}

/** Whether no call can succeed now: there is no network, or the app has to do something. */
export function isHopeless ({ status }: LiveState): boolean {
  return status === 'offline' || status === 'closed'
}
