import { reservedUserIds } from '../../../schemas/common.js'
import { ProblemError } from '../../wire/problem-error.js'

/** The two members of a conversation, in the order of their code units, and its id. */
export interface Pair {
  conversationId: string
  firstId: string
  secondId: string
}

/**
 * The conversation between two users. `~` can't occur in a user id, so that two pairs never share an id.
 * @throws ProblemError self_conversation or reserved_user_id
 */
export function pairOf (userId: string, otherId: string): Pair {
  if (userId === otherId) throw new ProblemError('self_conversation')
  if (reservedUserIds.has(otherId)) throw new ProblemError('reserved_user_id', { id: 'user_id_reserved', userId: otherId })
  const [firstId, secondId] = userId < otherId ? [userId, otherId] : [otherId, userId]
  return { conversationId: `${firstId}~${secondId}`, firstId, secondId }
}
