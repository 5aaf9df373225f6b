import type { Counting } from '../services/analytics/counting/counting.js'
import { isCounted } from '../services/analytics/counting/moves.js'
import type { Consumer } from './relay.js'

/** Has moves counted that figures are made of. */
export function createMoveConsumer (counting: Counting): Consumer {
  return {
    wants: isCounted,
    async handle ({ message, offer }) {
      const { conversationId, seq } = message
      if (offer !== undefined && isCounted(message)) await counting.count({ conversationId, seq, offer })
    }
  }
}
