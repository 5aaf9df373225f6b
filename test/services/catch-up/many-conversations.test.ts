import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { Message } from '../../../schemas/message.js'
import type { MissedPage } from '../../../schemas/sync.js'
import { settleTime, type Cursor } from '../../../src/services/catch-up/cursor.js'
import { pairOf } from '../../../src/services/messaging/pair.js'
import { intercept } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { requestUnits } from '../../support/request-units.js'
import { patiently } from '../../support/trades.js'

const hour = 3600_000
const random = (below: number) => Math.floor(Math.random() * below)
const partner = (n: number) => `${n % 2 === 0 ? 'a' : 'z'}${n}`

/** Gives a user conversations with some messages each, a second apart, the last ones an hour ago. */
async function seed (app: FastifyInstance, userId: string, conversations: number, messages: number) {
  const { conversation, message } = app.entities.entities
  await new TestUser(app, 'model').say(userId, 'x')
  const model = pairOf('model', userId)
  const { data: head } = await conversation.get({ conversationId: model.conversationId }).go()
  const { data: first } = await message.get({ conversationId: model.conversationId, seq: 1 }).go()
  const start = Date.now() - hour - conversations * 1000
  await conversation.put(Array.from({ length: conversations }, (_, n) => {
    const at = start + n * 1000
    return {
      ...head!, ...pairOf(userId, partner(n)), seq: messages, indexedAt: at, lastMessage: { ...head!.lastMessage, timestamp: new Date(at).toISOString() }
    }
  })).go({ concurrent: 4 })
  await message.put(Array.from({ length: conversations * messages }, (_, n) => {
    const at = start + Math.floor(n / messages) * 1000
    return {
      ...first!, conversationId: pairOf(userId, partner(Math.floor(n / messages))).conversationId, seq: 1 + n % messages, timestamp: new Date(at).toISOString()
    }
  })).go({ concurrent: 4 })
  return { before: { at: start - hour, seen: {} } as Cursor, start }
}

/** Counts the calls that an app makes of its database. */
function countCalls (t: Test, app: FastifyInstance) {
  const counts = { calls: 0 }
  for (const command of ['Query', 'GetItem', 'BatchGetItem']) {
    intercept(t, app, command, async attempt => {
      counts.calls++
      return await attempt()
    })
  }
  return counts
}

t.test('a page of a catch-up costs what it shows, however many conversations are left', async t => {
  const app = await testApp(t)
  const ann = new TestUser(app, 'mann')
  const { before } = await seed(app, 'mann', 200, 2)
  const meter = requestUnits(app)
  const counts = countCalls(t, app)
  for (const limit of [1, 20]) {
    let since = app.services.cursors.issue('mann', before)
    for (let pages = 0; pages < 10; pages++) {
      counts.calls = 0
      const { read } = await meter(async () => {
        const page = (await ann.get(`/sync?limit=${limit}&since=${since}`)).json<MissedPage>()
        t.equal(page.messages.length, limit)
        since = page.cursor
      })
      if (read > 4 + 6 * limit || counts.calls > 8 + 4 * limit) t.fail(`page ${pages} of ${limit}: ${read} RCU, ${counts.calls} calls`)
    }
  }
  counts.calls = 0
  let since = app.services.cursors.issue('mann', before)
  let messages = 0
  const { read } = await meter(async () => {
    for (let more = true; more;) {
      const page = (await ann.get(`/sync?limit=100&since=${since}`)).json<MissedPage>()
      messages += page.messages.length
      ;({ cursor: since, more } = page)
    }
  })
  t.equal(messages, 401)
  t.comment(`all of them: ${read} RCU, ${counts.calls} calls`)
  t.ok(read <= 201 * 4, `${read} RCU: of each conversation its head, the search of the start, the messages`)
})

t.test('where nothing is missed in many conversations, few questions are asked', async t => {
  const app = await testApp(t)
  const ann = new TestUser(app, 'mann')
  const { start } = await seed(app, 'mann', 400, 1)
  const counts = countCalls(t, app)
  // The index lags behind the messages: all of these may have been active since.
  const at = start + 400_000 + settleTime + 1
  const seen = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [pairOf('mann', partner(n)).conversationId, 1]))
  const page = await app.services.catchUp.since('mann', { at: at - 400_000 - 60_000, seen }, 1)
  t.same(page.missed.map(({ message }) => message.senderId), ['model'])
  t.ok(counts.calls <= 40, `${counts.calls} calls`)
  counts.calls = 0
  const { cursor } = (await ann.get('/sync')).json<MissedPage>()
  t.equal((await ann.get(`/sync?since=${cursor}`)).json<MissedPage>().more, false)
  t.ok(counts.calls <= 8, `${counts.calls} calls`)
})

t.test('what a client was sent otherwise is left out and not read', async t => {
  const app = await testApp(t)
  const { before } = await seed(app, 'mann', 1, 300)
  const { conversationId } = pairOf('mann', partner(0))
  const meter = requestUnits(app)
  for (const [from, to] of [[1, 300], [11, 290], [1, 290], [11, 300], [301, 300], [101, 100], [1, 0]] as const) {
    const seqs: number[] = []
    let cursor = before
    const { read } = await meter(async () => {
      for (let more = true; more;) {
        const page = await app.services.catchUp.since('mann', cursor, 7, id => id === conversationId ? { from, to } : { from: 1, to: 1 })
        seqs.push(...page.missed.map(({ message }) => message.seq))
        ;({ cursor, more } = page)
      }
    })
    t.same(seqs, Array.from({ length: 300 }, (_, n) => n + 1).filter(seq => seq < from || seq > to), `${from} to ${to}`)
    if (seqs.length <= 20) t.ok(read <= 40, `${from} to ${to}: ${read} RCU`)
  }
})

t.test('over many pages and many conversations, while others write in them, nothing is lost and the order is kept', async t => {
  const env = { TABLE_NAME: `many-${process.pid}` }
  const apps = [await testApp(t, { env }), await testApp(t, { env })] as const
  const conversations = 40
  const { before } = await seed(apps[0], 'mann', conversations, 3)
  const last = new Map<string, number>(Array.from({ length: conversations }, (_, n) => [pairOf('mann', partner(n)).conversationId, 3]))
  const load = { over: false }
  const write = async (app: FastifyInstance) => {
    while (!load.over) {
      const { conversationId, seq } = (await patiently(() => new TestUser(app, partner(random(conversations))).say('mann', 'live'))).json<Message>()
      last.set(conversationId, Math.max(seq, last.get(conversationId) ?? 0))
    }
  }
  const writing = Promise.all([write(apps[0]), write(apps[1])])
  const got = new Map<string, number[]>()
  let since = apps[0].services.cursors.issue('mann', before)
  const page = async () => {
    const response = await patiently(() => new TestUser(apps[random(2)]!, 'mann').get(`/sync?limit=${1 + random(12)}&since=${since}`))
    const { messages, cursor, more } = response.json<MissedPage>()
    for (const { conversationId, seq } of messages) {
      if (!got.has(conversationId)) got.set(conversationId, [])
      got.get(conversationId)!.push(seq)
    }
    since = cursor
    return more
  }
  for (let pages = 0; pages < 40; pages++) await page()
  load.over = true
  await writing
  while (await page());
  // And once more: what was written behind the reader comes with the next catch-up.
  while (await page());
  for (const [conversationId, seq] of last) {
    const seqs = got.get(conversationId) ?? []
    t.same([...new Set(seqs)], Array.from({ length: seq }, (_, n) => n + 1), `all of ${conversationId}, first in order`)
  }
})
