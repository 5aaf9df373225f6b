import type { LiveState } from '../index.js'
import type { Heads } from './heads.js'
import type { Offers } from './offers.js'
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
  readonly typing: ReadonlySet<string>
  readonly muted: ReadonlySet<string>
  readonly list: Pick<ConversationList, 'status' | 'hasMore' | 'error'>
  readonly connection: LiveState & { isLeader?: boolean | undefined }
  readonly now: () => number
}
