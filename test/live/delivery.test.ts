import { Hmac } from 'node:crypto'
import t from 'tap'
import type { Message } from '../../schemas/message.js'
import { framesOf, liveApp } from '../support/live.js'

t.test('every device of both users gets every message once and in order, and nobody else does', async t => {
  const { devices, open, user } = await liveApp(t)
  const [alice, bob] = [user('alice'), user('bob')]
  const [ofAlice, ofBob, carol] = [await devices('alice', 3), await devices('bob', 3), await open('carol')]
  const responses = await Promise.all(Array.from({ length: 200 }, async (_, n) => {
    for (;;) {
      const response = n % 2 === 0 ? await alice.say('bob', `a${n} ☀️`) : await bob.say('alice', `b${n} "\\`)
      // On a slow machine the last in the queue are told to come again; then nothing was written.
      if (response.statusCode !== 503) return response
    }
  }))
  const bodies = responses.map(response => response.body).sort((a, b) => JSON.parse(a).seq - JSON.parse(b).seq)
  t.same(responses.map(({ statusCode }) => statusCode), Array(200).fill(201))
  t.same(bodies.map(body => JSON.parse(body).seq), Array.from({ length: 200 }, (_, n) => n + 1))
  for (const socket of [...ofAlice, ...ofBob, carol]) await socket.settle()
  for (const socket of [...ofAlice, ...ofBob]) {
    // The very text of the response, not only the same values.
    t.same(framesOf(socket, 'newMessage').map(({ data }) => JSON.stringify(data)), bodies)
  }
  t.same(carol.received.map(({ type }) => type), ['connected', 'ack'])
})

t.test('nobody gets a replayed message twice', async t => {
  const { open, user } = await liveApp(t)
  const [alice, bob] = [await open('alice'), await open('bob')]
  const key = { 'idempotency-key': 'once' }
  const first = await user('alice').say('bob', 'hello', key)
  const second = await user('alice').say('bob', 'hello', key)
  t.same(second.json(), first.json())
  for (const socket of [alice, bob]) {
    await socket.settle()
    t.equal(framesOf(socket, 'newMessage').length, 1)
  }
})

t.test('who connects later is not told a message of before that is replayed', async t => {
  const { app, open, user } = await liveApp(t)
  const key = { 'idempotency-key': 'once' }
  const first = await user('alice').say('bob', 'hello', key)
  const { conversation, message } = app.entities.entities
  const { conversationId } = first.json<Message>()
  const timestamp = new Date(Date.now() - 120_000).toISOString()
  await message.patch({ conversationId, seq: 1 }).set({ timestamp }).go()
  const { data: head } = await conversation.get({ conversationId }).go()
  await conversation.put({ ...head!, indexedAt: Date.parse(timestamp), lastMessage: { ...head!.lastMessage, timestamp } }).go()
  const [alice, bob] = [await open('alice'), await open('bob')]
  const second = await user('alice').say('bob', 'hello', key)
  t.equal(second.headers['idempotent-replayed'], 'true')
  t.equal((await user('bob').say('alice', 'hi')).statusCode, 201)
  for (const socket of [alice, bob]) {
    // What comes ahead of its turn waits until it is known what it overtook.
    await socket.next('newMessage', 30_000)
    await socket.settle()
    t.same(framesOf(socket, 'newMessage').map(({ data }) => data.text), ['hi'])
  }
})

t.test('a read frame is acknowledged and told to every device of both', async t => {
  const { devices, open, user } = await liveApp(t)
  const [ofAlice, ofBob, carol] = [await devices('alice', 2), await devices('bob', 2), await open('carol')]
  for (const text of ['one', 'two', 'three']) await user('alice').say('bob', text)
  await user('bob').say('alice', 'hi')
  const [reader] = ofBob
  reader?.send({ type: 'read', id: 'first', data: { userId: 'alice', seq: 2 } })
  t.match(await reader?.next('ack'), { id: 'first' })
  const { conversations: [conversation] } = (await user('bob').get('/conversations')).json()
  t.match(conversation, { lastReadSeq: 2, unreadCount: 1 })
  for (const socket of [...ofAlice, ...ofBob]) {
    await socket.settle()
    const own = ofBob.includes(socket) ? { unreadCount: 1 } : {}
    t.same(framesOf(socket, 'read').map(({ data }) => data), [{ userId: 'bob', conversationId: 'alice~bob', seq: 2, ...own }])
  }
  await carol.settle()
  t.same(framesOf(carol, 'read'), [])
})

t.test('an older read position is acknowledged but not told', async t => {
  const { open, user } = await liveApp(t)
  const [alice, bob] = [await open('alice'), await open('bob')]
  for (const text of ['one', 'two']) await user('alice').say('bob', text)
  await user('bob').say('alice', 'hi')
  for (const seq of [2, 1, 2]) {
    bob.send({ type: 'read', id: `to ${seq}`, data: { userId: 'alice', seq } })
    t.match(await bob.next('ack'), { id: `to ${seq}` })
  }
  for (const socket of [alice, bob]) {
    await socket.settle()
    t.same(framesOf(socket, 'read').map(({ data }) => data.seq), [2])
  }
})

t.test('what is read over HTTP is told too', async t => {
  const { open, user } = await liveApp(t)
  const [alice, bob] = [await open('alice'), await open('bob')]
  await user('alice').say('bob', 'one')
  await user('bob').say('alice', 'hi')
  t.equal((await user('bob').post('/conversations/alice/read', { seq: 1 })).statusCode, 200)
  for (const socket of [alice, bob]) t.match(await socket.next('read'), { data: { userId: 'bob', seq: 1 } })
})

t.test('reading what isn\'t there is refused with the code and the id of the frame', async t => {
  const { open, user } = await liveApp(t)
  const bob = await open('bob')
  await user('alice').say('bob', 'one')
  const refused = [
    ['conversation_not_found', { userId: 'nobody', seq: 1 }],
    ['seq_out_of_range', { userId: 'alice', seq: 2 }],
    ['self_conversation', { userId: 'bob', seq: 1 }],
    ['reserved_user_id', { userId: 'users', seq: 1 }]
  ] as const
  for (const [code, data] of refused) {
    bob.send({ type: 'read', id: code, data })
    t.match(await bob.next('error'), { id: code, data: { code, retryable: false } })
  }
  await bob.settle()
  t.equal(framesOf(bob, 'ack').length, 1)
})

t.test('a message reaches the others when a device leaves while it is told', async t => {
  const { app, devices, user } = await liveApp(t)
  const [leaving, staying] = await devices('bob', 2)
  const sent = [1, 2, 3, 4, 5].map(async n => await user('alice').say('bob', `${n}`))
  leaving?.socket.terminate()
  await Promise.all(sent)
  await staying?.settle()
  t.equal(framesOf(staying as NonNullable<typeof staying>, 'newMessage').length, 5)
  t.same(app.hub.size, { connections: 1, users: 1 })
})

t.test('a user who is named twice is told once', async t => {
  const { app, open } = await liveApp(t)
  const alice = await open('alice')
  app.hub.publish(['alice', 'alice'], { type: 'read', data: { userId: 'bob', conversationId: 'alice~bob', seq: 1 } })
  await alice.settle()
  t.equal(framesOf(alice, 'read').length, 1)
})

t.test('a cursor is signed once for all devices of a user that have seen the same, and each device gets one that says what it has seen', async t => {
  const { devices, open, user } = await liveApp(t)
  const alice = user('alice')
  await alice.say('carol', 'before')
  const early = await devices('alice', 4)
  const [bob] = await devices('bob', 1)
  await alice.say('bob', 'one')
  for (const socket of [...early, bob!]) await socket.next('newMessage')
  const late = await open('alice')
  const signing = t.capture(Hmac.prototype, 'update', Hmac.prototype.update)
  await alice.say('bob', 'two')
  const events = await Promise.all([...early, late, bob!].map(async socket => await socket.next('newMessage')))
  signing.restore()
  // Requests to the database are signed as well, and who is told that somebody is there is asked behind.
  const signed = signing().map(({ args: [text] }) => String(text)).filter(text => /^\["(alice|bob)","cursor"\]/.test(text))
  // For the early devices, Bob's, and the late one unless it has seen the same as the early ones.
  t.ok(signed.length === 2 || signed.length === 3, `${signed.length} were signed`)
  const cursors = events.map(({ cursor }) => cursor)
  t.equal(new Set(cursors.slice(0, early.length)).size, 1)
  t.not(cursors.at(-1), cursors[0], 'a cursor is good for its user only')
  await alice.say('bob', 'three')
  for (const [n, cursor] of cursors.entries()) {
    const reader = user(n < cursors.length - 1 ? 'alice' : 'bob')
    const { messages } = (await reader.get(`/sync?since=${cursor}`)).json<{ messages: Message[] }>()
    t.same(messages.map(({ text }) => text), ['three'])
  }
})
