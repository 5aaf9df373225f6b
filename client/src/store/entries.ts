import type { Message, TradeTerms } from '../index.js'
import type { Outgoing } from './outbox.js'
import type { Entry, PendingMessage } from './types.js'
import { isHopeless, type State } from './state.js'

/** What a thread shows: the server's log as far as it is known without a hole, then what is on its way. */
export function entriesOf ({ threads, heads, outbox, connection }: State, userId: string): Entry[] {
  const log = threads.get(userId)?.log
  const outgoing = outbox.entriesFor(userId)
  const readSeq = heads.get(userId)?.otherLastReadSeq ?? 0
  const waiting = isHopeless(connection) || outbox.isResting(userId) ? 'queued' : 'sending'
  const ofMessage = (message: Message, key: string) => {
    const isOwn = message.senderId !== userId
    return { key, isOwn, state: !isOwn ? 'received' : message.seq <= readSeq ? 'read' : 'delivered', message } as const
  }
  return [
    ...log === undefined ? [] : Array.from(log.stretch(), message => ofMessage(message, log.keys.of(message))),
    // What the server has taken is shown at the end until the stretch has got there.
    ...outgoing.flatMap(({ key, message }) => message === undefined || message.seq <= (log?.last ?? 0) ? [] : [ofMessage(message, key)])
      .sort((one, other) => one.message.seq - other.message.seq),
    ...outgoing.flatMap((entry): Entry[] => {
      const { key, message, error } = entry
      return message === undefined ? [{ key, isOwn: true, state: error === undefined ? waiting : 'failed', message: pending(entry), ...error && { error } }] : []
    })
  ]
}

function pending ({ key, userId, body, createdAt }: Outgoing): PendingMessage {
  const { messageType = 'text', text = '', attachments, clientId, ...terms } = body
  const common = { clientId: key, receiverId: userId, timestamp: new Date(createdAt).toISOString(), ...attachments && { attachments } }
  return messageType === 'text' ? { ...common, messageType, text } : { ...common, messageType, terms: terms as TradeTerms, ...text && { text } }
}
