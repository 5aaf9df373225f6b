import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { ConversationPage } from '../../../schemas/conversation.js'
import type { MessagePage } from '../../../schemas/message.js'
import { indexInterval } from '../../../src/services/messaging/advance.js'
import { pairOf } from '../../../src/services/messaging/pair.js'
import { testApp, TestUser } from '../../support/helper.js'
import { requestUnits, type RequestUnits } from '../../support/request-units.js'

/** The promise for items of up to 1 KB. */
const budgets: Record<string, RequestUnits> = {
  'the very first message': { read: 1, write: 8 },
  'a message in a conversation that wasn\'t seen yet': { read: 1, write: 4 },
  'a message in an active conversation': { read: 0, write: 4 },
  'a message with an Idempotency-Key': { read: 0, write: 6 },
  'the first message in an index interval': { read: 0, write: 8 },
  'a page of 20 messages': { read: 5, write: 0 },
  'a page of 20 messages, oldest first': { read: 5, write: 0 },
  'a later page of 20 messages': { read: 5, write: 0 },
  'a page of 20 conversations': { read: 25, write: 0 },
  'a later page of 20 conversations': { read: 25, write: 0 },
  'a read position': { read: 1, write: 2 },
  'a read position at the end': { read: 0, write: 2 },
  'an older read position': { read: 1, write: 2 }
}

/** Enough for full pages, later ones too. */
const full = [{ messages: 100, conversations: 50 }, { messages: 1000, conversations: 500 }] as const
const small = { messages: 10, conversations: 5 }

// An item of 1,000 bytes, about the 1 KB that one unit pays for.
const text = 'Tomorrow will be sunny: 12 kWh to spare from noon. '.repeat(20).slice(0, 480)

const measured = new Map<object, Record<string, RequestUnits>>()

for (const size of [small, ...full]) {
  t.test(`with ${size.messages} messages and ${size.conversations} conversations, nothing costs more than promised`, async t => {
    const units = await measure(t, size)
    measured.set(size, units)
    t.same(Object.keys(units), Object.keys(budgets))
    for (const [operation, { read, write }] of Object.entries(units)) {
      t.ok(read <= budgets[operation]!.read, `${operation}: ${read} read units`)
      t.ok(write <= budgets[operation]!.write, `${operation}: ${write} write units`)
    }
  })
}

t.test('no cost grows with what is stored', async t => {
  const [some, many] = full.map(size => measured.get(size)!)
  t.same(many, some)
  for (const [operation, { read, write }] of Object.entries(measured.get(small)!)) {
    const { read: most, write: mostWritten } = some![operation]!
    if (operation.includes('page')) t.ok(read <= most && write <= mostWritten, operation)
    else t.same({ read, write }, some![operation], operation)
  }
})

/** What each operation costs when so many messages are in the conversation, and conversations with either member. */
async function measure (t: Test, size: { messages: number, conversations: number }) {
  const before = await testApp(t)
  const [alicesId, bobsId] = [idBeginning('8'), idBeginning('9')]
  const users = (app: FastifyInstance) =>
    [new TestUser(app, alicesId, { name: 'Alice Sommerfeld' }), new TestUser(app, bobsId, { name: 'Bob Winterberg' })] as const
  const [first, second] = users(before)
  await first.say(bobsId, text)
  await second.get('/conversations')
  await fill(first, second, size)

  // What is changed behind its back an instance doesn't know that has sent before.
  const app = await testApp(t, { env: { TABLE_NAME: before.config.TABLE_NAME } })
  const [alice, bob] = users(app)
  // Whether they are suspended is asked for once in a while only, and not each time that they write.
  for (const user of [alice, bob]) await user.request({ url: '/api/me' })
  const meter = requestUnits(app)
  const units: Record<string, RequestUnits> = {}
  const expectStatus = async (status: number, request: ReturnType<TestUser['get']>) => {
    const response = await request
    t.equal(response.statusCode, status)
    return response
  }
  const note = async (operation: string, status: number, request: () => ReturnType<TestUser['get']>) => {
    let response: Awaited<ReturnType<TestUser['get']>>
    units[operation] = await meter(async () => { response = await expectStatus(status, request()) })
    return response!
  }

  await note('the very first message', 201, () => alice.say(randomUUID(), text))
  await note('a message in a conversation that wasn\'t seen yet', 201, () => alice.say(bob.id, text))
  await note('a message in an active conversation', 201, () => bob.say(alice.id, text))
  await note('a message with an Idempotency-Key', 201, () => alice.say(bob.id, text, { 'idempotency-key': randomUUID() }))
  const { conversationId, ...pair } = pairOf(alice.id, bob.id)
  await app.entities.entities.conversation.patch({ conversationId }).set({ ...pair, indexedAt: Date.now() - 2 * indexInterval }).go()
  // The answer tells of the head.
  await alice.post(`/conversations/${bob.id}/read`, { seq: 1 })
  await note('the first message in an index interval', 201, () => alice.say(bob.id, text))

  const messages = (await note('a page of 20 messages', 200, () => alice.get(`/${bob.id}`))).json<MessagePage>()
  t.equal(messages.messages.length, Math.min(20, size.messages + 4))
  await note('a page of 20 messages, oldest first', 200, () => alice.get(`/${bob.id}?order=asc`))
  const from = Math.min(messages.messages.length, size.messages)
  await note('a later page of 20 messages', 200, () => alice.get(`/${bob.id}?beforeSeq=${from + 1}`))

  const conversations = (await note('a page of 20 conversations', 200, () => alice.get('/conversations'))).json<ConversationPage>()
  t.equal(conversations.conversations.length, Math.min(20, size.conversations + 1))
  const token = (await alice.get('/conversations?limit=6')).json<ConversationPage>().nextPageToken
  await note('a later page of 20 conversations', 200, () => alice.get(`/conversations${token === null ? '' : `?pageToken=${token}`}`))

  await note('a read position', 200, () => bob.post(`/conversations/${alice.id}/read`, { seq: size.messages }))
  const [last] = messages.messages
  await note('a read position at the end', 200, () => bob.post(`/conversations/${alice.id}/read`, { seq: last?.seq }))
  await note('an older read position', 200, () => bob.post(`/conversations/${alice.id}/read`, { seq: 1 }))
  return units
}

const readPositions = { firstReadSeq: 1, firstReadCount: 0, secondReadSeq: 1, secondReadCount: 1 }

function idBeginning (digit: string) {
  return `${digit}${randomUUID().slice(1)}`
}

/** Copies what one message left behind until the size is reached: sending as many would take long. */
async function fill (alice: TestUser, bob: TestUser, size: { messages: number, conversations: number }) {
  const { conversation, message, user } = alice.app.entities.entities
  const { conversationId } = pairOf(alice.id, bob.id)
  const { data: first } = await message.get({ conversationId, seq: 1 }).go()
  const { data: head } = await conversation.get({ conversationId }).go()
  const { data: profile } = await user.get({ userId: bob.id }).go()
  if (first === null || head === null || profile === null) throw new Error('There is nothing to copy')
  const indexes = Array.from({ length: size.messages - 1 }, (_, n) => n + 2)
  await message.put(indexes.map(seq => ({ ...first, seq, messageId: randomUUID(), senderCount: seq }))).go({ concurrent: 8 })
  await conversation.put({ ...head, seq: size.messages, firstSent: size.messages, ...readPositions }).go()
  // By turns before and after alice, who is the first of half of the pairs then.
  const others = Array.from({ length: size.conversations - 1 }, (_, n) => idBeginning(n % 2 === 0 ? '0' : 'f'))
  await conversation.put(others.map((id, n) => ({ ...head, ...readPositions, ...pairOf(alice.id, id), indexedAt: head.indexedAt - n }))).go({ concurrent: 8 })
  await user.put(others.map(userId => ({ ...profile, userId }))).go({ concurrent: 8 })
}
