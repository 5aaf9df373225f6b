import t, { type Test } from 'tap'
import type { Message, MessagePage } from '../../../schemas/message.js'
import { Heads } from '../../../src/services/messaging/heads.js'
import { databaseCalls } from '../../support/calls.js'
import { intercept, loseAnswer } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { sleep } from '../../support/live.js'
import { open, respond } from '../../support/trades.js'
import { passTime } from '../../support/pass-time.js'

/** Two instances that hear nothing of each other; alice and bob have written to each other on the first one. */
async function twoInstances (t: Test) {
  const app = await testApp(t)
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await alice.say('bob', 'hello')
  await bob.say('alice', 'hello')
  return { app, other, alice, bob, calls: databaseCalls(t, app) }
}

const seqs = async (user: TestUser) => (await user.get('/bob?order=asc&limit=100')).json<MessagePage>().messages.map(({ seq }) => seq)

t.test('a message in a conversation that was seen here is one call, with an Idempotency-Key and as an opening too', async t => {
  const { alice, bob, calls } = await twoInstances(t)
  t.strictSame(await calls(() => alice.say('bob', 'one')), ['TransactWriteItems'])
  t.strictSame(await calls(() => bob.say('alice', 'two', { 'idempotency-key': 'k' })), ['TransactWriteItems'])
  let offer = { messageId: '' }
  t.strictSame(await calls(async () => { offer = await open(alice, bob) }), ['TransactWriteItems'])
  t.strictSame(await calls(() => respond(bob, offer, { response: 'accept' })), ['GetItem', 'TransactWriteItems'])
})

t.test('what a read position tells is remembered too', async t => {
  const { other } = await twoInstances(t)
  const [alice, bob] = [new TestUser(other, 'alice'), new TestUser(other, 'bob')]
  // From then on it is remembered that they aren't suspended.
  for (const user of [alice, bob]) await user.request({ url: '/api/me' })
  const calls = databaseCalls(t, other)
  t.strictSame(await calls(() => bob.post('/conversations/alice/read', { seq: 1 })), ['GetItem', 'UpdateItem'])
  t.strictSame(await calls(() => alice.say('bob', 'one')), ['TransactWriteItems'])
})

t.test('reading up to the last message is one call, and counts what the other has sent', async t => {
  const { other, alice, bob, calls } = await twoInstances(t)
  for (const text of ['one', 'two', 'three']) await alice.say('bob', text)
  await new TestUser(other, 'alice').say('bob', 'four')
  let answer: unknown
  const read = (seq: number) => calls(async () => { answer = (await bob.post('/conversations/alice/read', { seq })).json() })
  t.strictSame(await read(5), ['UpdateItem'], 'the last one that was seen here')
  t.strictSame(answer, { conversationId: 'alice~bob', lastReadSeq: 5, unreadCount: 1 })
  t.strictSame(await read(6), ['UpdateItem'], 'the answer told of another')
  t.strictSame(answer, { conversationId: 'alice~bob', lastReadSeq: 6, unreadCount: 0 })
  t.strictSame(await read(3), ['GetItem', 'UpdateItem'])
  t.strictSame(answer, { conversationId: 'alice~bob', lastReadSeq: 6, unreadCount: 0 })
  const own = await calls(async () => { answer = (await alice.post('/conversations/bob/read', { seq: 6 })).json() })
  t.strictSame(own, ['UpdateItem'])
  t.strictSame(answer, { conversationId: 'alice~bob', lastReadSeq: 6, unreadCount: 0 })
})

t.test('reading up to any message is one call where one of the two alone has written since the position before, and counts as well', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  // Their entries in the directory are written behind their first requests.
  for (const user of [alice, bob]) t.equal((await user.get('/conversations')).statusCode, 200)
  for (const [user, other] of [[alice, 'bob'], [bob, 'alice']] as const) while ((await user.get(`/users/${other}`)).statusCode !== 200) await sleep(5)
  const calls = databaseCalls(t, app)
  /** Who writes what has which `seq`: alice 1 to 3, bob 4, alice 5 to 7, bob 8 and 9. */
  const writers = [alice, alice, alice, bob, alice, alice, alice, bob, bob]
  const read = async (user: TestUser, other: string, seq: number, expected: string[]) => {
    let answer: unknown
    const made = await calls(async () => { answer = (await user.post(`/conversations/${other}/read`, { seq })).json() })
    t.strictSame(made, expected, `${user.id} up to ${seq}`)
    const unreadCount = said.slice(seq).filter(writer => writer !== user).length
    t.strictSame(answer, { conversationId: 'alice~bob', lastReadSeq: seq, unreadCount }, `${user.id} has read ${seq} of ${said.length}`)
  }
  const said: TestUser[] = []
  const say = async (count: number) => {
    for (const writer of writers.slice(said.length, count)) {
      t.equal((await writer.say(writer === alice ? 'bob' : 'alice', 'a text')).statusCode, 201)
      said.push(writer)
    }
  }
  await say(3)
  await read(bob, 'alice', 1, ['UpdateItem'])
  await read(bob, 'alice', 2, ['UpdateItem'])
  await say(7)
  await read(bob, 'alice', 3, ['GetItem', 'UpdateItem'])
  await read(bob, 'alice', 5, ['GetItem', 'UpdateItem'])
  await read(bob, 'alice', 6, ['UpdateItem'])
  await read(alice, 'bob', 5, ['GetItem', 'UpdateItem'])
  await read(alice, 'bob', 6, ['UpdateItem'])
  await say(9)
  await read(bob, 'alice', 7, ['GetItem', 'UpdateItem'])
  await read(bob, 'alice', 8, ['UpdateItem'])
  await read(alice, 'bob', 8, ['GetItem', 'UpdateItem'])
  await read(alice, 'bob', 9, ['UpdateItem'])
})

t.test('a head that another instance has moved on costs one refused transaction', async t => {
  const { other, alice, calls } = await twoInstances(t)
  for (const text of ['one', 'two']) await new TestUser(other, 'bob').say('alice', text)
  t.strictSame(await calls(async () => t.equal((await alice.say('bob', 'three')).json<Message>().seq, 5)), ['TransactWriteItems', 'TransactWriteItems'])
  t.same(await seqs(alice), [1, 2, 3, 4, 5])
  t.strictSame(await calls(() => alice.say('bob', 'four')), ['TransactWriteItems'])
})

t.test('a head that another instance is known to have moved on is read again', async t => {
  const { app, other, alice, calls } = await twoInstances(t)
  const { conversationId, seq } = (await new TestUser(other, 'bob').say('alice', 'one')).json<Message>()
  const event = (seq: number) => ({ type: 'newMessage' as const, data: '{}', place: { conversationId, seq, at: Date.now() } })
  app.hub.deliver('alice', event(seq - 1))
  app.hub.deliver('alice', event(seq))
  t.strictSame(await calls(() => alice.say('bob', 'two')), ['GetItem', 'TransactWriteItems'])
  app.hub.deliver('alice', event(seq))
  t.strictSame(await calls(() => alice.say('bob', 'three')), ['TransactWriteItems'], 'that is no news')
})

t.test('after a transaction without an answer the head is read again', async t => {
  const { app, alice, calls } = await twoInstances(t)
  const lost = intercept(t, app, 'TransactWriteItems', loseAnswer(Infinity))
  t.equal((await alice.say('bob', 'lost')).statusCode, 503)
  lost.remove()
  // What became of the message is looked for meanwhile.
  const made = await calls(async () => t.equal((await alice.say('bob', 'next')).json<Message>().seq, 4))
  t.strictSame(made.filter(operation => operation !== 'BatchGetItem'), ['GetItem', 'TransactWriteItems'])
  t.same(await seqs(alice), [1, 2, 3, 4])
})

t.test('when the machine has slept, what is sent in a known conversation bears the time that the database tells', async t => {
  const { alice, calls } = await twoInstances(t)
  // The monotonic clock stands still meanwhile: by it the database's answers say that this machine's clock is ahead.
  passTime(t)(-3600_000)
  let sent: Message | undefined
  const made = await calls(async () => { sent = (await alice.say('bob', 'good morning')).json() })
  t.strictSame(made, ['GetItem', 'TransactWriteItems'])
  t.ok(Math.abs(Date.parse(sent!.timestamp) - Date.now()) < 30_000, sent!.timestamp)
  t.strictSame(await calls(() => alice.say('bob', 'again')), ['TransactWriteItems'])
})

t.test('the head that was used the longest ago is forgotten first, and a newer one never for an older one', async t => {
  const { app, alice } = await twoInstances(t)
  await alice.say('carol', 'hello')
  const { data: head } = await app.entities.entities.conversation.get({ conversationId: 'alice~bob' }).go()
  const heads = new Heads(2)
  const of = (conversationId: string, seq: number) => ({ ...head!, conversationId, seq })
  heads.keep(of('a~b', 5))
  heads.keep(of('a~c', 1))
  heads.learn(of('a~b', 4))
  t.equal(heads.recall('a~b')?.seq, 5)
  heads.learn(of('a~b', 6))
  heads.keep(of('a~d', 1))
  t.equal(heads.recall('a~c'), undefined)
  t.equal(heads.recall('a~b')?.seq, 6)
  heads.keep(of('a~b', 2))
  t.equal(heads.recall('a~b')?.seq, 2, 'what the table says counts')
})
