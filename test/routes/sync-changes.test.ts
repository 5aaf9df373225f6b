import t from 'tap'
import type { Conversation, ConversationPage } from '../../schemas/conversation.js'
import type { MissedPage } from '../../schemas/sync.js'
import { acquaint } from '../support/acquaint.js'
import { testApp, TestUser } from '../support/helper.js'
import { listed } from '../support/lists.js'
import { refused } from '../support/problem.js'

async function talk (t: Parameters<typeof testApp>[0]) {
  const app = await testApp(t)
  const user = (id: string) => new TestUser(app, id)
  const sync = async (query: string) => {
    const response = await user('alice').get(`/sync?${query}`)
    if (response.statusCode !== 200) throw new Error(response.body)
    return response.json<MissedPage>()
  }
  /** Has all that happened so far look as if it had happened long ago. */
  const age = async () => {
    const at = Date.now() - 3_600_000
    const lastSeenAt = new Date(at).toISOString()
    const { conversation, message, user } = app.entities.entities
    const { data: heads } = await conversation.scan.go({ pages: 'all' })
    await conversation.put(heads.map(head => ({
      ...head,
      ...(head.firstReadAt === undefined ? {} : { firstReadAt: at }),
      ...(head.secondReadAt === undefined ? {} : { secondReadAt: at }),
      lastMessage: { ...head.lastMessage, timestamp: lastSeenAt }
    }))).go()
    const { data: messages } = await message.scan.go({ pages: 'all' })
    await message.put(messages.map(item => ({ ...item, timestamp: lastSeenAt }))).go()
    const { data: users } = await user.scan.go({ pages: 'all' })
    await user.put(users.map(entry => ({ ...entry, lastSeenAt }))).go()
  }
  return { app, user, sync, age }
}

const ids = ({ conversations }: MissedPage) => conversations?.map(({ conversationId }) => conversationId)

t.test('with changes, the last page has the conversations that changed, as the list shows them', async t => {
  const { app, user, sync, age } = await talk(t)
  await acquaint(app, 'alice', 'bob', 'cy', 'dan', 'eve')
  await age()
  const { cursor } = await sync('')
  t.same((await sync(`since=${cursor}&changes=true`)).conversations, [], 'none yet')
  await user('bob').post('/conversations/alice/read', { seq: 1 })
  await user('alice').post('/conversations/cy/read', { seq: 2 })
  for (const text of ['one', 'two', 'three']) await user('dan').say('alice', text)
  await user('fay').say('alice', 'a stranger')
  const first = await sync(`since=${cursor}&changes=true&limit=2`)
  t.equal(first.more, true)
  t.notOk('conversations' in first)
  const last = await sync(`since=${first.cursor}&changes=true&limit=10`)
  t.equal(last.more, false)
  t.same(ids(last)?.slice(0, 2), ['alice~fay', 'alice~dan'], 'most recent first')
  t.same(ids(last)?.sort(), ['alice~bob', 'alice~cy', 'alice~dan', 'alice~fay'], 'and not those in which nothing did')
  const { conversations } = (await user('alice').get('/conversations')).json<ConversationPage>()
  for (const conversation of last.conversations!) t.strictSame(conversation, conversations.find(({ conversationId }) => conversationId === conversation.conversationId))
  t.match(last.conversations!.find(({ conversationId }) => conversationId === 'alice~bob'), { otherLastReadSeq: 1 })
  t.match(last.conversations!.find(({ conversationId }) => conversationId === 'alice~fay'), { otherUser: { online: null, lastSeenAt: null }, unreadCount: 1 })
  t.strictSame(listed((await user('alice').get('/conversations/dan')).json<Conversation & { cursor: string }>()),
    last.conversations!.find(({ conversationId }) => conversationId === 'alice~dan'))
})

t.test('one whose partner has gone counts, and one of which only a stranger has read doesn\'t', async t => {
  const { app, user, sync, age } = await talk(t)
  await acquaint(app, 'alice', 'bob')
  await user('alice').say('cy', 'hello')
  await age()
  const { cursor } = await sync('')
  await user('cy').post('/conversations/alice/read', { seq: 1 })
  t.same(ids(await sync(`since=${cursor}&changes=true`)), [])
  const at = new Date()
  await app.services.users.seen('bob', at)
  t.match((await sync(`since=${cursor}&changes=true`)).conversations, [{ conversationId: 'alice~bob', otherUser: { online: false, lastSeenAt: at.toISOString() } }])
})

t.test('that somebody has gone from another instance counts, whatever is remembered here', async t => {
  const { app, user, sync, age } = await talk(t)
  const there = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  await acquaint(app, 'alice', 'bob')
  await age()
  const { cursor } = await sync('')
  t.match((await user('alice').get('/users/bob')).json(), { userId: 'bob', online: false }, 'it is remembered when he was last seen')
  const at = new Date()
  await there.services.users.seen('bob', at)
  t.match((await sync(`since=${cursor}&changes=true`)).conversations, [{ otherUser: { userId: 'bob', lastSeenAt: at.toISOString() } }])
})

t.test('without changes nothing is said of conversations, and without a cursor nothing has changed', async t => {
  const { app, sync } = await talk(t)
  await acquaint(app, 'alice', 'bob')
  const { cursor } = await sync('changes=false')
  for (const query of ['', `since=${cursor}`, `since=${cursor}&changes=false`]) t.notOk('conversations' in await sync(query), query)
  t.same((await sync('changes=true')).conversations, [])
})

t.test('changes is a boolean', async t => {
  const { user } = await talk(t)
  for (const changes of ['', 'yes', '2', 'TRUE']) refused(t, await user('alice').get(`/sync?changes=${changes}`), 'validation_failed', changes)
})
