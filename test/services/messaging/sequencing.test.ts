import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Conversation } from '../../../schemas/conversation.js'
import type { Message, MessagePage } from '../../../schemas/message.js'
import { indexInterval } from '../../../src/services/messaging/advance.js'
import { intercept } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { until } from '../../support/live.js'

/** `writers` of each side send `count` messages each, one after another. */
interface Load {
  writers: number
  count: number
  send: (user: TestUser, to: string, text: string) => Promise<Message>
}

t.test('64 writers into one conversation: every message is there once, in one sequence', async t => {
  const app = await testApp(t)
  const answers = await write([app], { writers: 32, count: 16, send: sendOnce })
  t.equal(answers.length, 1024)
  await checkSequence(t, app, answers)
})

t.test('two instances that compete for a conversation make one sequence', async t => {
  const app = await testApp(t)
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const transactions = [app, other].map(app => intercept(t, app, 'TransactWriteItems', attempt => attempt()))
  const answers = await write([app, other], { writers: 8, count: 8, send: sendUntilDone })
  t.equal(answers.length, 256)
  t.ok(transactions[0]!.count + transactions[1]!.count > 256, 'they were in each other\'s way')
  await checkSequence(t, app, answers)
})

t.test('two instances that send the first message at once make one conversation', async t => {
  const app = await testApp(t)
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  for (let round = 0; round < 10; round++) {
    const pair = [`alice-${round}`, `bob-${round}`] as const
    const answers = await write([app, other], { writers: 1, count: 1, send: sendUntilDone }, pair)
    await checkSequence(t, app, answers, pair)
  }
})

t.test('retries with one Idempotency-Key make one message, at once and on two instances', async t => {
  const app = await testApp(t)
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const responses = await Promise.all(Array.from({ length: 32 }, (_, n) =>
    new TestUser(n % 2 === 0 ? app : other, 'alice').say('bob', 'once', { 'idempotency-key': 'k' })))
  t.same(new Set(responses.map(({ statusCode }) => statusCode)), new Set([201]))
  t.equal(new Set(responses.map(({ body }) => body)).size, 1)
  t.equal(responses.filter(({ headers }) => headers['idempotent-replayed'] === undefined).length, 1)
  t.equal((await timeline(app, 'alice', 'bob')).length, 1)
})

t.test('a conversation with too many writers is busy, and what is refused is not written', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  await alice.say('bob', 'first')
  let release = () => {}
  const released = new Promise<void>(resolve => { release = resolve })
  intercept(t, app, 'TransactWriteItems', async attempt => {
    await released
    return await attempt()
  })
  let refused = 0
  const responses = await Promise.all(Array.from({ length: 600 }, async (_, n) => {
    const response = await alice.say('bob', `text ${n}`)
    if (response.statusCode === 503 && ++refused === 600 - (1 + 512)) release()
    return { text: `text ${n}`, response }
  }))
  for (const { response } of responses.filter(({ response }) => response.statusCode !== 201)) {
    t.match(response.json(), { status: 503, code: 'conversation_busy' })
    t.equal(response.headers['retry-after'], '1')
  }
  const sent = responses.filter(({ response }) => response.statusCode === 201).map(({ text }) => text)
  t.ok(sent.length > 0)
  const found = await timeline(app, 'alice', 'bob')
  t.same(found.map(({ text }) => text), ['first', ...sent])
  t.same(found.map(({ seq }) => seq), found.map((_, n) => n + 1))
  t.equal((await alice.say('bob', 'last')).statusCode, 201, 'it is free again')
})

t.test('other conversations don\'t wait for a busy one', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  let release = () => {}
  const released = new Promise<void>(resolve => { release = resolve })
  const transactions = intercept(t, app, 'TransactWriteItems', async (attempt, count) => {
    if (count === 0) await released
    return await attempt()
  })
  const held = alice.say('bob', 'held')
  await until('it is held', () => transactions.count === 1)
  const waiting = alice.say('bob', 'waiting')
  t.equal((await alice.say('carol', 'passes')).statusCode, 201)
  t.equal(transactions.count, 2)
  release()
  t.match([(await held).json(), (await waiting).json()], [{ seq: 1 }, { seq: 2 }])
})

t.test('the index is written again for a message a minute after the last time, not before', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  await alice.say('bob', 'old')
  await alice.say('carol', 'new')
  // What is changed behind its back an instance doesn't know that has just sent.
  const send = async (text: string) => (await new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'alice').say('bob', text)).json<Message>()
  const { conversation } = app.entities.entities
  const head = async () => (await conversation.get({ conversationId: 'alice~bob' }).go({ consistent: true })).data!
  const setBack = async (age: number) => {
    const indexedAt = Date.now() - age
    await conversation.patch({ conversationId: 'alice~bob' }).set({ indexedAt, firstId: 'alice', secondId: 'bob' }).go()
    return indexedAt
  }
  const indexed = async () => {
    const first = await conversation.query.byFirst({ firstId: 'alice' }).go({ data: 'raw' }) as unknown as { data: { Items: Array<{ gsi1sk: string }> } }
    const second = await conversation.query.bySecond({ secondId: 'bob' }).go({ data: 'raw' }) as unknown as { data: { Items: Array<{ gsi2sk: string }> } }
    return [
      first.data.Items.map(({ gsi1sk }) => gsi1sk).filter(key => key.endsWith('#bob')),
      second.data.Items.map(({ gsi2sk }) => gsi2sk)
    ]
  }
  const keys = (at: number) => ['bob', 'alice'].map(otherId => [`${String(at).padStart(15, '0')}#${otherId}`])

  const young = await setBack(indexInterval - 10_000)
  await send('soon after')
  t.equal((await head()).indexedAt, young)
  t.same(await indexed(), keys(young))

  const old = await setBack(indexInterval + 1)
  t.same(await indexed(), keys(old))
  const { timestamp } = await send('later')
  t.equal((await head()).indexedAt, Date.parse(timestamp))
  t.same(await indexed(), keys(Date.parse(timestamp)))
  t.equal((await head()).seq, 3)
})

t.test('a message is never dated before the one that it follows', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  await alice.say('bob', 'from a machine whose clock is ahead')
  const { conversation } = app.entities.entities
  const { data: head } = await conversation.get({ conversationId: 'alice~bob' }).go({ consistent: true })
  const timestamp = new Date(Date.now() + 5000).toISOString()
  await conversation.patch({ conversationId: 'alice~bob' }).set({ lastMessage: { ...head!.lastMessage, timestamp } }).go()
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  t.equal((await new TestUser(other, 'alice').say('bob', 'next')).json<Message>().timestamp, timestamp)
})

/** Writes from both sides into one conversation, through every app at once. */
async function write (apps: FastifyInstance[], { writers, count, send }: Load, [first, second] = ['alice', 'bob'] as readonly [string, string]) {
  const sides = [[first, second], [second, first]] as const
  const answers = await Promise.all(apps.flatMap((app, a) => sides.flatMap(([from, to]) =>
    Array.from({ length: writers }, async (_, writer) => {
      const user = new TestUser(app, from)
      const sent: Message[] = []
      for (let n = 0; n < count; n++) sent.push(await send(user, to, `${a} ${from} ${writer} ${n}`))
      return sent
    }))))
  return answers.flat()
}

async function sendOnce (user: TestUser, to: string, text: string) {
  const response = await user.say(to, text)
  if (response.statusCode !== 201) throw new Error(`${response.statusCode} ${response.body}`)
  return response.json<Message>()
}

/** As a client should: busy means that the same may succeed later. */
async function sendUntilDone (user: TestUser, to: string, text: string): Promise<Message> {
  const response = await user.say(to, text, { 'idempotency-key': text.replaceAll(' ', '-') })
  if (response.statusCode === 201) return response.json<Message>()
  if (response.json<{ code: string }>().code !== 'conversation_busy') throw new Error(`${response.statusCode} ${response.body}`)
  return await sendUntilDone(user, to, text)
}

/** 1, 2, 3 … without a hole, each answered message once, as it was answered, and the head agrees. */
async function checkSequence (t: Test, app: FastifyInstance, answers: Message[], [first, second] = ['alice', 'bob'] as readonly [string, string]) {
  const found = await timeline(app, first, second)
  t.same(found, [...answers].sort((a, b) => a.seq - b.seq))
  t.same(found.map(({ seq }) => seq), answers.map((_, n) => n + 1))
  t.equal(new Set(found.map(({ text }) => text)).size, answers.length)
  t.equal(new Set(found.map(({ messageId }) => messageId)).size, answers.length)
  const timestamps = found.map(({ timestamp }) => timestamp)
  t.same(timestamps, [...timestamps].sort())
  for (const [user, other] of [[first, second], [second, first]] as const) {
    const { conversations } = (await new TestUser(app, user).get('/conversations')).json<{ conversations: Conversation[] }>()
    t.match(conversations, [{
      seq: answers.length,
      unreadCount: answers.filter(({ senderId }) => senderId === other).length,
      lastMessage: { seq: answers.length, text: found.at(-1)!.text }
    }])
  }
  const readTo = Math.ceil(answers.length / 2)
  const read = await new TestUser(app, first).post(`/conversations/${second}/read`, { seq: readTo })
  t.same(read.json<{ unreadCount: number }>().unreadCount,
    found.filter(({ seq, senderId }) => seq > readTo && senderId === second).length, 'each message knows its sender\'s count')
}

async function timeline (app: FastifyInstance, user: string, other: string) {
  const messages: Message[] = []
  for (let afterSeq = 0; ;) {
    const page = (await new TestUser(app, user).get(`/${other}?order=asc&limit=100&afterSeq=${afterSeq}`)).json<MessagePage>()
    messages.push(...page.messages)
    if (page.nextPageToken === null) return messages
    afterSeq = messages.at(-1)!.seq
  }
}
