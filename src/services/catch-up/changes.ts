import type { Clock } from '../../shared/clock.js'
import type { Conversation } from '../../../schemas/conversation.js'
import type { User } from '../../../schemas/user.js'
import type { ConversationItem } from '../../database/entities/conversation.js'
import { toConversation, type Conversations } from '../messaging/conversations.js'
import { perspective } from '../messaging/head.js'
import type { Acquaintance } from '../users/acquaintance.js'
import type { Users } from '../users/users.js'
import { settleTime, type Cursor } from './cursor.js'

/** How many conversations are looked at. */
const maxConversations = 50

/**
 * How much earlier than a cursor somebody may have gone who was told to be gone after it, in ms: an instance that crashed isn't missed for
 * 20 s, and its users were last seen then.
 */
const presenceLag = 30_000

/** What happened in a conversation since a cursor. */
export interface Change {
  head: ConversationItem
  otherId: string
  /** The other user, where the two are acquainted. */
  acquaintance: User | undefined
  /** Whether something was said. */
  isActive: boolean
  /** Whether the user has blocked, unblocked, muted or unmuted the other one, on some device. */
  hasSet: boolean
  /** Whether the user has read on, on some device. */
  hasRead: boolean
  /** Whether the other one has, which is told between acquaintances. */
  otherHasRead: boolean
  /** Whether the other one came or went, as far as may be told; who is online may have come before. */
  hasComeOrGone: boolean
}

/** What changes beside messages, which a catch-up brings by themselves. */
export interface Changes {
  /**
   * What happened since a cursor in the 50 conversations of a user that were active last, about. Costs 1 RCU for each, half a one for each whose
   * other member is an acquaintance, and 1 or 2 for the index.
   */
  since: (userId: string, cursor: Cursor) => Promise<Change[]>
  /** Those conversations in which something did, as the user sees them, most recent first. Costs half an RCU more for each stranger in them. */
  conversations: (userId: string, cursor: Cursor) => Promise<Conversation[]>
}

export function createChanges ({ conversations, acquaintance, users, clock }: {
  conversations: Pick<Conversations, 'newest'>, acquaintance: Acquaintance, users: Users, clock: Clock
}): Changes {
  async function since (userId: string, { at }: Cursor): Promise<Change[]> {
    const heads = await conversations.newest(userId, maxConversations)
    const acquainted = heads.filter(acquaintance.learn).map(head => perspective(head, userId).otherId)
    const known = new Map((await users.presences(acquainted)).map(user => [user.userId, user]))
    return heads.map(head => {
      const { own, other, otherId } = perspective(head, userId)
      const user = known.get(otherId)
      return {
        head,
        otherId,
        acquaintance: user,
        isActive: Date.parse(head.lastMessage.timestamp) > at - settleTime,
        hasSet: own.setAt > at - settleTime,
        hasRead: own.readAt > at - settleTime,
        otherHasRead: user !== undefined && other.readAt > at - settleTime,
        hasComeOrGone: user !== undefined && (user.online === true || Date.parse(user.lastSeenAt ?? '') > at - presenceLag)
      }
    })
  }

  return {
    since,

    async conversations (userId, cursor) {
      const changed = (await since(userId, cursor)).filter(hasChanged)
      const strangers = changed.filter(change => change.acquaintance === undefined).map(({ otherId }) => otherId)
      const shown = new Map((await users.profiles(strangers, new Set())).map(user => [user.userId, user]))
      return changed.map(({ head, otherId, acquaintance }) => toConversation(head, userId, acquaintance ?? shown.get(otherId)!, clock.now()))
    }
  }
}

function hasChanged ({ isActive, hasSet, hasRead, otherHasRead, hasComeOrGone }: Change): boolean {
  return isActive || hasSet || hasRead || otherHasRead || hasComeOrGone
}
