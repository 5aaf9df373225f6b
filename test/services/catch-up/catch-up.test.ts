import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import type { Message, MessagePage } from '../../../schemas/message.js'
import type { MissedPage } from '../../../schemas/sync.js'
import { SeenTracker, settleTime, type Cursor } from '../../../src/services/catch-up/cursor.js'
import { pairOf } from '../../../src/services/messaging/pair.js'
import { testApp, TestUser } from '../../support/helper.js'
import { requestUnits } from '../../support/request-units.js'
import { opening, patiently, respond } from '../../support/trades.js'

let tables = 0
const random = (below: number) => Math.floor(Math.random() * below)
const pick = <T>(all: readonly T[]) => all[random(all.length)] as T
const name = ({ conversationId, seq }: Pick<Message, 'conversationId' | 'seq'>) => `${conversationId} ${seq}`

/** Two instances on one table. */
async function twoApps (t: Test) {
  const env = { TABLE_NAME: `catch-up-${process.pid}-${++tables}` }
  return [await testApp(t, { env }), await testApp(t, { env })] as const
}

/** All that came after a cursor, by pages of random sizes. */
async function missedSince (user: TestUser, since: string, limit = () => 1 + random(40)): Promise<Message[]> {
  const messages: Message[] = []
  for (let more = true; more;) {
    const response = await patiently(() => user.get(`/sync?limit=${limit()}&since=${since}`))
    if (response.statusCode !== 200) throw new Error(response.body)
    const page = response.json<MissedPage>()
    messages.push(...page.messages)
    since = page.cursor
    more = page.more
  }
  return messages
}

async function cursorOf (user: TestUser): Promise<string> {
  return (await patiently(() => user.get('/sync'))).json<MissedPage>().cursor
}

/** Everything that a user can see, by conversation, as the messages are listed. */
async function everything (user: TestUser, others: readonly string[]) {
  const all = new Map<string, Message[]>()
  for (const other of others) {
    if (other === user.id) continue
    const messages: Message[] = []
    for (let token: string | null = ''; token !== null;) {
      const page: MessagePage = (await patiently(() => user.get(`/${other}?order=asc&limit=100${token === '' ? '' : `&pageToken=${token}`}`))).json()
      messages.push(...page.messages)
      token = page.nextPageToken
    }
    all.set(pairOf(user.id, other).conversationId, messages)
  }
  return all
}

t.test('after any cursor come exactly the messages after it, each once and in order, from any instance', async t => {
  const apps = await twoApps(t)
  const ids = ['ann', 'Ann', 'bob', 'cy', 'di']
  const as = (id: string) => new TestUser(pick(apps), id)
  const seqs = new Map<string, number>()
  const saw = (conversationId: string, seq: number) => seqs.set(conversationId, Math.max(seq, seqs.get(conversationId) ?? 0))
  const cursors: Array<{ id: string, cursor: string, seqs: Map<string, number> }> = []

  async function act () {
    const sender = as(pick(ids))
    const receiver = pick(ids.filter(id => id !== sender.id))
    const trade = random(4) === 0
    const response = await patiently(() => trade ? sender.post(`/${receiver}`, opening()) : sender.say(receiver, randomUUID()))
    if (response.statusCode !== 201) throw new Error(response.body)
    const message = response.json<Message>()
    saw(message.conversationId, message.seq)
    if (message.messageType !== 'tradeOffer') return
    const answer = await patiently(() => respond(as(receiver), message.tradeOffer, { response: 'accept', revision: 1 }))
    saw(message.conversationId, answer.json().negotiationHistory.at(-1).seq)
  }

  for (let round = 0; round < 6; round++) {
    for (const id of ids) cursors.push({ id, cursor: await cursorOf(as(id)), seqs: new Map(seqs) })
    await Promise.all(Array.from({ length: 1 + random(16) }, act))
  }
  const visible = new Map<string, Map<string, Message[]>>()
  for (const id of ids) visible.set(id, await everything(as(id), ids))
  for (const { id, cursor, seqs } of cursors) {
    const missed = await missedSince(as(id), cursor)
    const expected = [...visible.get(id)!].flatMap(([conversationId, all]) => all.slice(seqs.get(conversationId) ?? 0))
    t.same(missed.map(name), [...new Set(missed.map(name))], 'each once')
    for (const [conversationId, all] of visible.get(id)!) {
      const some = missed.filter(message => message.conversationId === conversationId)
      t.same(some, all.slice(seqs.get(conversationId) ?? 0), `all of ${conversationId} in order`)
    }
    t.equal(missed.length, expected.length, 'and nothing else')
  }
})

t.test('cursors that are taken while others send lose nothing', async t => {
  const apps = await twoApps(t)
  const ids = ['ann', 'bob', 'cy']
  let sent: Array<{ conversationId: string, seq: number }> = []
  const cursors: Array<{ cursor: string, before: string[] }> = []
  const writer = async (n: number) => {
    for (let k = 0; k < 15; k++) {
      const response = await patiently(() => new TestUser(apps[n % 2]!, ids[1 + n % 2]!).say('ann', `${n} ${k}`))
      sent = [...sent, response.json<Message>()]
    }
  }
  const taker = async () => {
    for (let n = 0; n < 12; n++) {
      const before = sent.map(name)
      cursors.push({ cursor: await cursorOf(new TestUser(apps[n % 2]!, 'ann')), before })
    }
  }
  await Promise.all([writer(0), writer(1), writer(2), writer(3), taker()])
  const last = new Map<string, number>()
  for (const { conversationId, seq } of sent) last.set(conversationId, Math.max(seq, last.get(conversationId) ?? 0))
  for (const { cursor, before } of cursors) {
    const missed = await missedSince(new TestUser(apps[0], 'ann'), cursor)
    const names = missed.map(name)
    t.same(names.filter(one => before.includes(one)), [], 'nothing that was there before')
    for (const [conversationId, seq] of last) {
      const own = missed.filter(message => message.conversationId === conversationId).map(message => message.seq)
      t.same(own, Array.from({ length: own.length }, (_, n) => seq - own.length + 1 + n), 'up to the last, without a hole')
    }
    t.ok(sent.every(one => before.includes(name(one)) || names.includes(name(one)) || one.seq <= (firstOf(missed, one.conversationId) ?? Infinity)))
  }
})

function firstOf (messages: Message[], conversationId: string): number | undefined {
  return messages.find(message => message.conversationId === conversationId)?.seq
}

t.test('the cursor of any message, in the middle of a page too, goes on right after it', async t => {
  const [app, other] = await twoApps(t)
  const ann = new TestUser(app, 'ann')
  const start = app.services.cursors.read('ann', await cursorOf(ann))
  for (const id of ['bob', 'Zoe', 'cy']) {
    for (let n = 0; n < 5; n++) await new TestUser(other, id).say('ann', `${id} ${n}`)
  }
  const { missed, more } = await app.services.catchUp.since('ann', start, 100)
  t.equal(missed.length, 15)
  t.equal(more, false)
  for (const limit of [1, 2, 7, 100]) {
    const page = await app.services.catchUp.since('ann', start, limit)
    t.same(page.missed, missed.slice(0, limit).map(({ message }, n) => ({ message, cursor: page.missed[n]!.cursor })))
  }
  for (const [n, { cursor }] of missed.entries()) {
    const rest = await missedSince(new TestUser(other, 'ann'), other.services.cursors.issue('ann', cursor))
    t.same(rest.map(name), missed.slice(n + 1).map(({ message }) => name(message)))
  }
})

t.test('what is sent while somebody pages is not lost, whichever conversation it belongs to', async t => {
  const [app] = await twoApps(t)
  const ann = new TestUser(app, 'ann')
  const others = ['bob', 'Zoe', 'cy', 'di']
  let cursor = await cursorOf(ann)
  for (const id of others) for (let n = 0; n < 3; n++) await new TestUser(app, id).say('ann', String(n))
  const got: Message[] = []
  let sent = 12
  for (let more = true; more || sent < 30;) {
    const page = (await ann.get(`/sync?limit=2&since=${cursor}`)).json<MissedPage>()
    got.push(...page.messages)
    ;({ cursor, more } = page)
    if (sent < 30) {
      await new TestUser(app, pick(others)).say('ann', 'meanwhile')
      sent++
    }
  }
  got.push(...await missedSince(ann, cursor))
  t.equal(new Set(got.map(name)).size, 30)
  for (const id of others) {
    const own = [...new Set(got.filter(({ senderId }) => senderId === id).map(({ seq }) => seq))]
    t.same(own, own.map((_, n) => n + 1), 'in order')
  }
})

t.test('a burst over more conversations than a cursor names is sent twice in part, and nothing is lost', async t => {
  const [app] = await twoApps(t)
  const ann = new TestUser(app, `m${'a'.repeat(127)}`)
  const others = Array.from({ length: 60 }, (_, n) => `${n % 2 === 0 ? 'a' : 'z'}${String(n).padStart(127, '0')}`)
  const send = async (ids: string[]) => await Promise.all(ids.map(async id => await patiently(() => new TestUser(app, id).say(ann.id, 'hello'))))
  const start = await cursorOf(ann)
  await send(others)
  const middle = await cursorOf(ann)
  t.ok(middle.length > 1000 && middle.length <= 8192, `${middle.length} characters`)
  await send(others.slice(20, 50))
  const all = await missedSince(ann, start, () => 7)
  t.equal(all.length, 90)
  t.equal(new Set(all.map(name)).size, 90)
  const late = await missedSince(ann, middle, () => 7)
  t.equal(new Set(late.filter(({ seq }) => seq === 2).map(name)).size, 30)
  const { missed } = await app.services.catchUp.since(ann.id, app.services.cursors.read(ann.id, middle), 100)
  const longest = Math.max(...missed.map(({ cursor }) => app.services.cursors.issue(ann.id, cursor).length))
  t.ok(longest <= 8192, `${longest} characters in the middle of a page`)
})

/** A conversation of ann and bob whose messages can be written anew, each with a time in ms since the epoch. */
async function rewritten (t: Test) {
  const [app] = await twoApps(t)
  await new TestUser(app, 'bob').say('ann', 'first')
  const { conversation, message } = app.entities.entities
  const { conversationId } = pairOf('ann', 'bob')
  const { data: first } = await message.get({ conversationId, seq: 1 }).go()
  const { data: head } = await conversation.get({ conversationId }).go()
  return {
    app,
    conversationId,
    rewrite: async (times: number[]) => {
      const timestamps = times.map(time => new Date(time).toISOString())
      await message.put(timestamps.map((timestamp, n) => ({ ...first!, seq: n + 1, timestamp }))).go({ concurrent: 4 })
      await conversation.put({ ...head!, seq: times.length, lastMessage: { ...head!.lastMessage, timestamp: timestamps.at(-1)! } }).go()
    }
  }
}

t.test('a conversation that a cursor doesn\'t name goes on from its time, wherever that is and however many bear the same', async t => {
  const { app, conversationId, rewrite } = await rewritten(t)
  const now = Date.now()
  let at = now - 3600_000
  const times = Array.from({ length: 90 }, () => { at += pick([0, 0, 0, 1, 500, 60_000]); return at })
  await rewrite(times)
  for (const time of [times[0]! - 1, ...times.filter((_, n) => n % 9 === 0), at]) {
    const cursor: Cursor = { at: time + settleTime, seen: {} }
    const { missed } = await app.services.catchUp.since('ann', cursor, 100)
    t.same(missed.map(({ message }) => message.seq), times.flatMap((one, n) => one > time ? [n + 1] : []))
    const before: number[] = []
    for await (const { message: { seq } } of app.services.catchUp.before({ conversationId, seq: 80 }, { at: time + settleTime })) before.push(seq)
    t.same(before, times.flatMap((one, n) => one > time && n + 1 < 80 ? [n + 1] : []))
  }
})

t.test('messages far ahead of their time among the others make some come twice, and none be skipped', async t => {
  const { app, rewrite } = await rewritten(t)
  const begin = Date.now() - 3600_000
  const sentAt = Array.from({ length: 40 }, (_, n) => begin + n * 60_000)
  for (const share of [0.1, 0.5, 0.9]) {
    const times = sentAt.map(time => Math.random() < share ? time + 365 * 86_400_000 : time)
    await rewrite(times)
    for (const seen of [0, 1, 7, 20, 38, 39]) {
      const cursor: Cursor = { at: sentAt[seen]! + settleTime, seen: {} }
      const { missed } = await app.services.catchUp.since('ann', cursor, 100)
      const seqs = missed.map(({ message }) => message.seq)
      for (let seq = seen + 2; seq <= 40; seq++) t.ok(seqs.includes(seq), `${seq} after ${seen + 1} of ${times.join()}`)
      t.same(seqs, [...seqs].sort((a, b) => a - b))
    }
  }
})

t.test('with nothing missed a sync costs at most 5 RCU, however many conversations and messages there are', async t => {
  const costs = new Set<number>()
  for (const { conversations, messages } of [
    { conversations: 10, messages: 10 }, { conversations: 100, messages: 10 }, { conversations: 500, messages: 1000 }
  ]) {
    const [app] = await twoApps(t)
    const ann = new TestUser(app, 'mann')
    await new TestUser(app, 'bob').say('mann', 'first')
    await ann.get('/sync')
    const { conversation, message } = app.entities.entities
    const { data: first } = await message.get({ conversationId: 'bob~mann', seq: 1 }).go()
    const { data: head } = await conversation.get({ conversationId: 'bob~mann' }).go()
    const old = { indexedAt: Date.now() - 86_400_000, lastMessage: { ...head!.lastMessage, timestamp: new Date(Date.now() - 86_400_000).toISOString() } }
    await message.put(Array.from({ length: messages }, (_, n) => ({ ...first!, seq: n + 1, timestamp: old.lastMessage.timestamp }))).go({ concurrent: 8 })
    await conversation.put([{ ...head!, ...old, seq: messages }, ...Array.from({ length: conversations - 1 }, (_, n) => {
      const { conversationId, firstId, secondId } = pairOf('mann', `${n % 2 === 0 ? 'a' : 'z'}${n}`)
      return { ...head!, ...old, conversationId, firstId, secondId }
    })]).go({ concurrent: 8 })
    const meter = requestUnits(app)
    let cursor = ''
    const begin = await meter(async () => { cursor = await cursorOf(ann) })
    const { read, write } = await meter(async () => {
      const page = (await ann.get(`/sync?since=${cursor}`)).json<MissedPage>()
      t.match(page, { messages: [], more: false })
    })
    t.comment(`${conversations} conversations, ${messages} messages: ${read} RCU, without a cursor ${begin.read} RCU`)
    t.ok(read <= 5, `${read} RCU`)
    t.equal(write, 0)
    costs.add(read).add(begin.read)
  }
  t.equal(costs.size, 1, 'the same each time')
})

t.test('what one clock that is ahead wrote doesn\'t hide what others write', async t => {
  const now = Date.now()
  const tracker = new SeenTracker({ at: now - 60_000, seen: {} })
  tracker.note('a~b', 7, now + 3600_000)
  t.ok(tracker.cursor.at <= Date.now())
  t.same(tracker.cursor.seen, { 'a~b': 7 })
  tracker.note('a~c', 3, now - 1)
  t.same(tracker.cursor.seen, { 'a~b': 7, 'a~c': 3 })
})
