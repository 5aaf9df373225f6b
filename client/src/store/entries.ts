import type { Message } from '../index.js'
import type { Outgoing } from './outbox.js'
import type { Entry, PendingMessage } from './types.js'
import type { State } from './state.js'

/** What a thread shows: the server's log as far as it is known without a hole, then what is on its way. */
export function entriesOf ({ threads, heads, outbox, connection }: State, userId: string): Entry[] {
  const log = threads.get(userId)?.log
  const readSeq = heads.get(userId)?.otherLastReadSeq ?? 0
  const ofMessage = (message: Message, key: string): Entry => {
    const isOwn = message.senderId !== userId
    return { key, isOwn, state: !isOwn ? 'received' : message.seq <= readSeq ? 'read' : 'delivered', message }
  }
  const entries = log === undefined ? [] : Array.from(log.stretch(), message => ofMessage(message, log.keys.of(message)))

  // What the server has taken is shown at the end until the stretch has got there.
  const outgoing = outbox.entriesFor(userId)
  const delivered = outgoing.flatMap(({ key, message }) => message === undefined || (log?.isBegun && message.seq <= log.last) ? [] : [{ key, message }])
  delivered.sort((one, other) => one.message.seq - other.message.seq)
  for (const { key, message } of delivered) entries.push(ofMessage(message, key))

  const isOffline = connection.status === 'offline' || connection.status === 'closed'
  const waiting = isOffline || outbox.isResting(userId) ? 'queued' : 'sending'
  for (const entry of outgoing) {
    if (entry.message !== undefined) continue
    const { key, error } = entry
    entries.push({ key, isOwn: true, state: error === undefined ? waiting : 'failed', message: pending(entry), ...error && { error } })
  }
  return entries
}

function pending ({ key, userId, body, createdAt }: Outgoing): PendingMessage {
  const common = { clientId: key, receiverId: userId, timestamp: new Date(createdAt).toISOString() }
  if (body.messageType !== 'tradeOffer') return { ...common, messageType: 'text', text: body.text }
  const { messageType, text, clientId, ...terms } = body
  return { ...common, messageType, terms, ...text !== undefined && { text } }
}
