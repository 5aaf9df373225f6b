import type { WriteMessage } from '../../../schemas/integration.js'
import type { ListMessagesQuery, Message, MessagePageOfUsers } from '../../../schemas/message.js'
import type { Entities } from '../../database/entities/index.js'
import { ProblemError } from '../../wire/problem-error.js'
import type { Heads } from '../messaging/heads.js'
import type { Messages } from '../messaging/messages.js'
import type { Pair } from '../messaging/pair.js'
import type { KeyHolder } from './keyring.js'

/** What integrations write and read in the conversations of users. */
export interface Correspondence {
  /**
   * Writes a text in the name of one of the two members: it counts as theirs in everything, and bears the integration's name.
   * @throws ProblemError conversation_not_found, not_a_member, and as sending does
   */
  write: (by: KeyHolder, conversationId: string, body: WriteMessage, idempotencyKey?: string) => Promise<{ message: Message, replayed: boolean }>
  /** A page of a conversation. Costs as its members' does. @throws ProblemError conversation_not_found, invalid_page_token */
  list: (by: KeyHolder, conversationId: string, query: ListMessagesQuery) => Promise<MessagePageOfUsers>
}

export function createCorrespondence ({ entities, heads, messages }: {
  entities: Entities, heads: Heads, messages: Messages
}): Correspondence {
  /** The members never change, so that a head that is remembered will do. */
  async function find (conversationId: string): Promise<Pair> {
    const head = heads.recall(conversationId) ?? await entities.direct.conversation.get({ conversationId }, { consistent: true })
    if (head === undefined) throw new ProblemError('conversation_not_found')
    // Whoever writes next needn't read it again.
    heads.learn(head)
    const { firstId, secondId } = head
    return { conversationId, firstId, secondId }
  }

  return {
    async write (by, conversationId, { senderId, text, clientId }, idempotencyKey) {
      const pair = await find(conversationId)
      const { firstId, secondId } = pair
      if (senderId !== firstId && senderId !== secondId) throw new ProblemError('not_a_member')
      const receiverId = senderId === firstId ? secondId : firstId
      return await messages.say({ pair, senderId, receiverId, text, clientId, via: by.name, idempotencyKey, keyOwner: callerOf(by) })
    },

    async list (by, conversationId, query) {
      await find(conversationId)
      return await messages.page(callerOf(by), conversationId, query)
    }
  }
}

/** Stands for an integration where a user id stands otherwise, which never holds a `~`. */
function callerOf ({ integrationId }: KeyHolder): string {
  return `integration~${integrationId}`
}
