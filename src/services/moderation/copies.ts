import type { Message } from '../../../schemas/message.js'
import type { Direct } from '../../database/direct/index.js'
import type { MessageItem } from '../../database/entities/message.js'
import { ProblemError } from '../../wire/problem-error.js'
import { showMessage } from '../messaging/message-views.js'
import { preview } from '../messaging/preview.js'

/**
 * Copies of messages of a conversation, in its order, as everybody sees them now, but the names of files cut to 100 code points. Costs 1 RCU for every 4 KB of each, and 1 for each trade offer
 * that they belong to.
 * @throws ProblemError conversation_not_found, seq_out_of_range
 */
export type CopyMessages = (conversationId: string, seqs: readonly number[]) => Promise<Message[]>

export function createCopyMessages (direct: Direct): CopyMessages {
  return async (conversationId, seqs) => {
    if (seqs.length === 0) return []
    const found = await direct.message.getAll(seqs.map(seq => ({ conversationId, seq })), { consistent: true })
    if (found.length < seqs.length) {
      const head = await direct.conversation.get({ conversationId }, { consistent: true })
      throw new ProblemError(head === undefined ? 'conversation_not_found' : 'seq_out_of_range')
    }
    const ids = new Set(found.flatMap(({ offerId }) => offerId ?? []))
    const offers = await direct.tradeOffer.getAll([...ids].map(messageId => ({ messageId })), { consistent: true })
    const byId = new Map(offers.map(offer => [offer.messageId, offer]))
    const shown = found.sort((one, other) => one.seq - other.seq).map(message => showMessage({ message: shortened(message), offer: byId.get(message.offerId ?? '') }))
    // What is undefined in a map can't be stored.
    return JSON.parse(JSON.stringify(shown)) as Message[]
  }
}

/** With whole names of files the copies of twenty long messages would weigh more than an item can. */
function shortened (message: MessageItem): MessageItem {
  const { attachments } = message
  return attachments === undefined ? message : { ...message, attachments: attachments.map(file => ({ ...file, fileName: preview(file.fileName) })) }
}
