import t from 'tap'
import type { ConversationPage } from '../../schemas/conversation.js'
import type { Message, MessagePage } from '../../schemas/message.js'
import type { MissedPage } from '../../schemas/sync.js'
import type { TradePage } from '../../schemas/trade-list.js'
import type { Answer } from '../../src/database/database-client.js'
import { intercept } from '../support/faults.js'
import { testApp, TestUser } from '../support/helper.js'
import { refused } from '../support/problem.js'
import { open, opening, patiently, respond } from '../support/trades.js'

/** Everything that is missed since a cursor. */
async function missed (user: TestUser, since: string): Promise<Message[]> {
  const messages: Message[] = []
  for (let more = true; more;) {
    const page: MissedPage = (await patiently(() => user.get(`/sync?limit=50&since=${since}`))).json<MissedPage>()
    messages.push(...page.messages)
    ;({ cursor: since, more } = page)
  }
  return messages
}

const paths = ['/conversations', '/conversations/bob', '/bob', '/bob?order=asc', '/trades', '/trades?awaiting=me']

t.test('every list of a user bears a cursor that is good for that user', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await open(alice, bob)
  for (const path of [...paths, '/conversations?limit=1', '/bob?beforeSeq=1', '/trades?limit=1']) {
    const { cursor } = (await alice.get(path)).json<{ cursor: string }>()
    t.equal((await alice.get(`/sync?since=${cursor}`)).statusCode, 200, path)
    refused(t, await bob.get(`/sync?since=${cursor}`), 'invalid_cursor', path)
  }
})

t.test('what happens after a list comes after its cursor', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await open(alice, bob)
  const cursors = await Promise.all(paths.map(async path => (await alice.get(path)).json<{ cursor: string }>().cursor))
  const sent = [(await bob.say('alice', 'one')).json<Message>(), (await new TestUser(app, 'cy').say('alice', 'two')).json<Message>()]
  for (const [n, cursor] of cursors.entries()) {
    const ids = (await missed(alice, cursor)).map(({ messageId }) => messageId)
    for (const { messageId } of sent) t.ok(ids.includes(messageId), `${paths[n]}`)
  }
})

t.test('a list that was read too early to have a message leads to it, though this instance has told of it already', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await bob.say('alice', 'one')
  for (const [operation, path] of [['BatchGetItem', '/conversations'], ['GetItem', '/conversations/bob'], ['Query', '/bob'], ['Query', '/trades?role=receiver&awaiting=me']] as const) {
    // As reads may be that aren't strongly consistent: the answer is as it was before what comes in between.
    let sent: Message | undefined
    let isReading = true
    const fault = intercept(t, app, operation, async attempt => {
      const answer = await attempt()
      if (!isReading) return answer
      isReading = false
      sent = (await bob.post('/alice', path.startsWith('/trades') ? opening() : { text: `while ${path} is read` })).json<Message>()
      return answer
    })
    const response = await alice.get(path)
    fault.remove()
    const { cursor } = response.json<{ cursor: string }>()
    t.notOk([`while ${path} is read`, sent!.messageId].some(part => response.body.includes(part)), `${path} is as it was before`)
    t.ok((await missed(alice, cursor)).some(({ messageId }) => messageId === sent!.messageId), path)
  }
})

t.test('a list whose reads lag behind leads to what it lacks, though this instance has told of it before', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await bob.say('alice', 'one')
  let old: Answer | undefined
  const fault = intercept(t, app, 'BatchGetItem', async attempt => structuredClone(old ??= await attempt()))
  await alice.get('/conversations')
  await bob.say('alice', 'two')
  const list = (await alice.get('/conversations')).json<ConversationPage>()
  fault.remove()
  t.match(list.conversations, [{ lastMessage: { text: 'one' } }])
  t.ok((await missed(alice, list.cursor)).some(({ text }) => text === 'two'))
})

t.test('however long a list takes, what happens meanwhile comes after its cursor', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await bob.say('alice', 'one')
  const now = app.clock.now.bind(app.clock)
  let passed = 0
  t.intercept(app.clock, 'now', { value: () => now() + passed })
  const fault = intercept(t, app, 'BatchGetItem', async attempt => {
    const answer = await attempt()
    await bob.say('alice', 'two')
    passed = 60_000
    return answer
  })
  const list = (await alice.get('/conversations')).json<ConversationPage>()
  fault.remove()
  t.match(list.conversations, [{ lastMessage: { text: 'one' } }])
  t.ok((await missed(alice, list.cursor)).some(({ text }) => text === 'two'))
})

/** Writes to alice from several users, texts and offers and moves, until it is stopped. */
function writers (apps: Array<Awaited<ReturnType<typeof testApp>>>) {
  const state = { isOver: false }
  const sent = new Set<string>()
  const work = Promise.all(['bob', 'cy', 'dan', 'zoe'].map(async (id, n) => {
    const user = new TestUser(apps[n % apps.length]!, id)
    const alice = new TestUser(apps[0]!, 'alice')
    for (let round = 0; !state.isOver; round++) {
      const response = await patiently(() => user.post('/alice', round % 3 === 2 ? opening() : { text: `${round}` }))
      sent.add(response.json<Message>().messageId)
      if (round % 3 === 2) await patiently(() => respond(alice, response.json<Message>(), { response: 'reject' }))
    }
  }))
  return {
    sent,
    stop: async () => {
      state.isOver = true
      await work
    }
  }
}

t.test('while others write, whoever lists and then follows from there has everything', async t => {
  const app = await testApp(t)
  const other = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const alice = new TestUser(app, 'alice')
  const writing = writers([app, other])
  const lists: Array<{ known: Set<string>, cursor: string, statuses: Map<string, string> }> = []
  for (let round = 0; round < 12; round++) {
    const list = async <Page>(path: string) => (await patiently(() => alice.get(path))).json<Page>()
    const conversations = await list<ConversationPage>('/conversations?limit=100')
    const trades = await list<TradePage>('/trades?limit=100')
    const known = new Set<string>()
    for (const { otherUser: { userId } } of conversations.conversations) {
      for (let token: string | null = ''; token !== null;) {
        const page: MessagePage = await list<MessagePage>(`/${userId}?limit=100${token === '' ? '' : `&pageToken=${token}`}`)
        for (const { messageId } of page.messages) known.add(messageId)
        token = page.nextPageToken
      }
    }
    lists.push({
      known,
      cursor: conversations.cursor,
      statuses: new Map(trades.trades.map(({ messageId, status }) => [messageId, status]))
    })
  }
  await writing.stop()
  const all = await missed(alice, (await alice.get('/sync')).json<MissedPage>().cursor)
  t.same(all, [], 'nobody writes any more')
  for (const { known, cursor, statuses } of lists) {
    const followed = await missed(alice, cursor)
    const together = new Set([...known, ...followed.map(({ messageId }) => messageId)])
    t.strictSame([...writing.sent].filter(id => !together.has(id)), [], 'every message is in a list or follows')
    const opened = followed.flatMap(message => message.messageType === 'tradeOffer' ? message.messageId : [])
    const rejected = new Set(followed.flatMap(message => message.messageType === 'tradeResponse' ? message.tradeResponse.offerId : []))
    const current = await Promise.all([...new Set([...statuses.keys(), ...opened])].map(async id => (await alice.get(`/trades/${id}`)).json<{ status: string, messageId: string }>()))
    for (const { messageId, status } of current) {
      if (status === 'rejected') t.ok(rejected.has(messageId) || statuses.get(messageId) === 'rejected', 'and so is every move')
    }
  }
})

t.test('a list whose reads put a wrong clock right has a cursor of the right time', async t => {
  const app = await testApp(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await bob.say('alice', 'before')
  const { clock } = app
  const now = clock.now.bind(clock)
  let ahead = 3_600_000
  t.intercept(clock, 'now', { value: () => now() + ahead })
  const fault = intercept(t, app, 'BatchGetItem', async attempt => {
    ahead = 0
    return await attempt()
  })
  const { cursor } = (await alice.get('/conversations')).json<ConversationPage>()
  fault.remove()
  await bob.say('alice', 'after')
  t.ok((await missed(alice, cursor)).some(({ text }) => text === 'after'))
})
