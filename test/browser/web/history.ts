import type { FastifyInstance } from 'fastify'
import { pairOf } from '../../../src/services/messaging/pair.js'
import { TestUser } from '../../support/helper.js'
import { sleep } from '../../support/live.js'
import { patience } from './site.js'

/** The id of the user who has signed in with a name, as soon as the directory knows it. */
export async function userIdOf (app: FastifyInstance, name: string): Promise<string> {
  const asks = new TestUser(app, 'who-asks')
  for (const end = Date.now() + patience; Date.now() < end; await sleep(50)) {
    const { users } = (await asks.get(`/users?q=${encodeURIComponent(name)}`)).json<{ users: Array<{ userId: string, username: string }> }>()
    const user = users.find(({ username }) => username === name)
    if (user !== undefined) return user.userId
  }
  throw new Error(`Nobody has signed in as ${name}`)
}

/** Lets a user write to one who is here but hasn't written to them: of those who write first, a list shows a request only. */
export async function approach (user: TestUser, other: TestUser, text = 'Hello'): Promise<void> {
  await other.get('/users')
  await user.say(other.id, text)
}

/** What the n-th message of such a history says: not all of them are equally high. */
export function textOf (seq: number): string {
  return `message ${seq}${seq % 7 === 0 ? ', of more words than fit into one line of a bubble, which a list that keeps its place has to cope with' : ''}`
}

/**
 * Gives two users a long history: the writer has said everything but the first message, a minute apart, the last an hour ago.
 * The server makes the first two messages, and the others are written like them.
 * @param count of messages
 * @param unread how many of the last the reader hasn't read
 */
export async function writeHistory (app: FastifyInstance, reader: TestUser, writer: TestUser, count: number, unread = 0): Promise<void> {
  await reader.say(writer.id, textOf(1))
  await writer.say(reader.id, textOf(2))
  const { conversation, message } = app.entities.entities
  const { conversationId, firstId } = pairOf(reader.id, writer.id)
  const [{ data: last }, { data: head }] = await Promise.all([message.get({ conversationId, seq: 2 }).go(), conversation.get({ conversationId }).go()])
  if (last === null || head === null) throw new Error('The server has not kept what was said')
  const timeOf = (seq: number) => new Date(Date.now() - 3600_000 - (count - seq) * 60_000).toISOString()
  const seqs = Array.from({ length: count }, (_, index) => index + 1)
  await message.put(seqs.map(seq => ({
    ...last,
    seq,
    ...seq > 2 && { messageId: `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}` },
    ...seq === 1 && { senderId: reader.id },
    senderCount: Math.max(1, seq - 1),
    timestamp: timeOf(seq),
    text: textOf(seq)
  }))).go({ concurrent: 8 })
  const read = { seq: count - unread, count: count - unread - 1 }
  await conversation.patch({ conversationId }).set({
    seq: count,
    ...reader.id === firstId
      ? { secondSent: count - 1, firstReadSeq: read.seq, firstReadCount: read.count }
      : { firstSent: count - 1, secondReadSeq: read.seq, secondReadCount: read.count },
    lastMessage: { ...head.lastMessage, text: textOf(count), timestamp: timeOf(count) }
  }).go()
}
