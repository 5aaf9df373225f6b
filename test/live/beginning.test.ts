import t from 'tap'
import { messageEvent } from '../../src/services/messaging/message-views.js'
import { encodeEvent } from '../../src/wire/encoded-event.js'
import { databaseCalls } from '../support/calls.js'
import { messagesOf, seqsOf } from '../support/follower.js'
import { Line } from '../support/faults.js'
import { testApp, TestSocket, TestStream, TestUser } from '../support/helper.js'
import { liveApp, unannounced } from '../support/live.js'
import { passTime } from '../support/pass-time.js'

/** Bob has sent ann three messages, an hour ago, on an instance that is gone. */
async function oldConversation (t: Parameters<typeof liveApp>[0]) {
  const before = await testApp(t)
  for (const text of ['one', 'two', 'three']) await new TestUser(before, 'bob').say('ann', text)
  const { conversation, message } = before.entities.entities
  const timestamp = new Date(Date.now() - 3600_000).toISOString()
  const { data } = await message.query.timeline({ conversationId: 'ann~bob' }).go()
  await message.put(data.map(item => ({ ...item, timestamp }))).go()
  const { data: head } = await conversation.get({ conversationId: 'ann~bob' }).go()
  await conversation.put({ ...head!, indexedAt: Date.parse(timestamp), lastMessage: { ...head!.lastMessage, timestamp } }).go()
  const live = await liveApp(t, { env: { TABLE_NAME: before.config.TABLE_NAME } })
  unannounced(live.app)
  // From then on it is remembered that they aren't suspended.
  // Tokens of another second would be those of another sign-in, which is looked at.
  const users = { ann: live.user('ann'), bob: live.user('bob') }
  for (const user of Object.values(users)) await user.request({ url: '/api/me' })
  const user = (id: 'ann' | 'bob') => users[id]
  const open = async (id: 'ann' | 'bob') => await TestSocket.open(t, live.url, user(id))
  return { ...live, user, open, before, calls: databaseCalls(t, live.app) }
}

t.test('a connection begins without a call, and the first message after a long time is told without a read', async t => {
  const { open, user, calls } = await oldConversation(t)
  let socket: Awaited<ReturnType<typeof open>> | undefined
  t.strictSame(await calls(async () => { socket = await open('ann') }), [])
  t.strictSame(await calls(async () => {
    await user('bob').say('ann', 'good morning')
    await socket!.next('newMessage')
  }), ['GetItem', 'TransactWriteItems'])
  await user('bob').say('ann', 'again')
  await socket!.next('newMessage')
  await socket!.settle()
  t.same(seqsOf(socket!.received), { 'ann~bob': [4, 5] })
})

t.test('a conversation that was active as the connection began goes on without a read', async t => {
  const { open, user, calls } = await oldConversation(t)
  await user('bob').say('ann', 'four')
  let socket: Awaited<ReturnType<typeof open>> | undefined
  t.strictSame(await calls(async () => {
    socket = await open('ann')
    await user('bob').say('ann', 'five')
    await socket.next('newMessage')
  }), ['TransactWriteItems'])
  await socket!.settle()
  t.same(seqsOf(socket!.received), { 'ann~bob': [5] })
})

t.test('what only another instance has told a user\'s other device counts as heard', async t => {
  const { app, before, open, user, calls } = await oldConversation(t)
  await open('ann')
  const bob = new TestUser(before, 'bob')
  const sent = await bob.say('ann', 'elsewhere')
  app.hub.deliver('ann', encodeEvent({ type: 'newMessage', data: sent.json() }, Date.now() - 3600_000))
  let socket: Awaited<ReturnType<typeof open>> | undefined
  t.strictSame(await calls(async () => {
    socket = await open('ann')
    await user('bob').say('ann', 'here')
    await socket.next('newMessage')
  }), ['GetItem', 'TransactWriteItems'])
  await socket!.settle()
  t.same(messagesOf(socket!.received).map(({ text }) => text), ['here'])
})

t.test('a message that overtook one that was sent since the connection began waits for it', async t => {
  const { app, before, open } = await oldConversation(t)
  const socket = await open('ann')
  const bob = new TestUser(before, 'bob')
  const { message } = before.entities.entities
  for (const text of ['four', 'five']) await bob.say('ann', text)
  const [four, five] = await Promise.all([4, 5].map(async seq => (await message.get({ conversationId: 'ann~bob', seq }).go()).data!))
  app.hub.deliver('ann', encodeEvent(messageEvent({ message: five! }), Date.parse(four!.timestamp)))
  await socket.next('newMessage')
  await socket.next('newMessage')
  await socket.settle()
  t.same(seqsOf(socket.received), { 'ann~bob': [4, 5] })
})

t.test('while the time is unsure, a connection asks before it begins', async t => {
  const { open, calls } = await oldConversation(t)
  passTime(t)(-3600_000)
  const made = await calls(() => open('ann'))
  t.ok(made.includes('Query'), made.join())
  t.strictSame(await calls(() => open('ann')), [])
})

t.test('a connection begins while the database is away, and one that goes on from a cursor is told to come again', async t => {
  const line = await Line.open(t)
  const { url, open, user } = await liveApp(t, { env: { DYNAMODB: line.url } })
  const cursor = (await user('ann').get('/sync')).json<{ cursor: string }>().cursor
  await line.cut()
  const authorization = `Bearer ${user('ann').token}`
  const socket = await open('ann')
  await TestStream.open(t, url, { authorization })
  socket.send({ type: 'resume', data: { since: cursor }, id: 'again' })
  t.match(await socket.next('error'), { data: { code: 'database_unavailable', retryable: true } })
})
