import { markKey } from '../../database/entities/work.js'
import type { MessageItem } from '../../database/entities/message.js'
import type { Beside } from './commit.js'

/** Whether somebody else than its two users is to be told of a message. Asked before it is written: it must answer at once. */
export type Wanted = (message: MessageItem) => boolean

/**
 * The mark that a message is to be told, which is written with it: so that what happened is told even if this process ends now.
 * @param now ms since the epoch
 */
export function markOf ({ conversationId, seq }: Pick<MessageItem, 'conversationId' | 'seq'>, now: number): Beside {
  return {
    write: direct => direct.work.upsert({ ...markKey(conversationId), upTo: seq }, { untold: seq, markedAt: now }),
    refused: () => {}
  }
}
