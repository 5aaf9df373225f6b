import t, { type Test } from 'tap'
import type { BlockPage } from '../../schemas/block.js'
import type { ConversationPage, ConversationWithCursor } from '../../schemas/conversation.js'
import type { UserPage } from '../../schemas/user.js'
import { acquaint } from '../support/acquaint.js'
import { testApp, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { refused } from '../support/problem.js'
import { later, open, opening, respond } from '../support/trades.js'

let pairs = 0

/** Two users whom nobody else knows. */
async function pair (env: Record<string, string> = {}) {
  const app = apps.get(JSON.stringify(env)) ?? testApp(root, { env })
  apps.set(JSON.stringify(env), app)
  const n = ++pairs
  return [new TestUser(await app, `alice-${n}`), new TestUser(await app, `bob-${n}`)] as const
}

const root = t
/** One for each environment: they are shared by all tests of this file. */
const apps = new Map<string, ReturnType<typeof testApp>>()
const replies = { FIRST_CONTACT: 'replies' }

async function done (t: Test, response: ReturnType<TestUser['put']>, status = 204) {
  const { statusCode, body } = await response
  t.equal(statusCode, status, body)
}

const conversation = async (user: TestUser, other: TestUser) => (await user.get(`/conversations/${other.id}`)).json<ConversationWithCursor>()

t.test('who is blocked can\'t write, nor can who has blocked, until it is taken back', async t => {
  const [alice, bob] = await pair()
  await acquaint(alice.app, alice.id, bob.id)
  await done(t, alice.put(`/blocks/${bob.id}`))
  await done(t, alice.put(`/blocks/${bob.id}`))
  refused(t, await alice.say(bob.id, 'hello'), 'blocked')
  refused(t, await bob.say(alice.id, 'hello'), 'contact_not_allowed')
  t.match(await conversation(alice, bob), { blocked: true, contact: 'established', seq: 2 })
  t.match(await conversation(bob, alice), { blocked: false, contact: 'established', seq: 2 })
  await done(t, bob.put(`/blocks/${alice.id}`))
  for (const [user, other] of [[alice, bob], [bob, alice]] as const) refused(t, await user.say(other.id, 'hello'), 'blocked')
  await done(t, alice.delete(`/blocks/${bob.id}`))
  await done(t, alice.delete(`/blocks/${bob.id}`))
  refused(t, await alice.say(bob.id, 'hello'), 'contact_not_allowed')
  refused(t, await bob.say(alice.id, 'hello'), 'blocked')
  await done(t, bob.delete(`/blocks/${alice.id}`))
  for (const [user, other] of [[alice, bob], [bob, alice]] as const) await done(t, user.say(other.id, 'hello'), 201)
})

t.test('who has no conversation yet is blocked all the same, and so is who never came', async t => {
  const [alice, bob] = await pair()
  await done(t, alice.put(`/blocks/${bob.id}`))
  refused(t, await alice.say(bob.id, 'hello'), 'blocked')
  refused(t, await bob.say(alice.id, 'hello'), 'contact_not_allowed')
  refused(t, await bob.post(`/${alice.id}`, opening()), 'contact_not_allowed')
  refused(t, await alice.get(`/conversations/${bob.id}`), 'conversation_not_found')
  await done(t, alice.delete(`/blocks/${bob.id}`))
  t.equal((await bob.say(alice.id, 'hello')).json().seq, 1)
})

t.test('one can\'t block oneself, nor a reserved id', async t => {
  const [alice] = await pair()
  for (const method of ['put', 'delete'] as const) {
    refused(t, await alice[method](`/blocks/${alice.id}`), 'self_conversation')
    refused(t, await alice[method]('/blocks/trades'), 'reserved_user_id')
    refused(t, await alice[method]('/blocks/a%23b'), 'validation_failed')
  }
})

t.test('those who are blocked are listed for who has blocked them, by pages, and for nobody else', async t => {
  const [alice, bob] = await pair()
  const list = async (user: TestUser, query = '') => (await user.request({ url: `/api/me/blocks${query}` })).json<BlockPage>()
  t.strictSame(await list(alice), { blocks: [], nextPageToken: null })
  const others = ['a', 'b', 'c', 'd', 'e'].map(letter => `${letter}-${alice.id}`)
  for (const id of others) await done(t, alice.put(`/blocks/${id}`))
  // Some who have blocked alice lie between them.
  for (const id of others.slice(1, 3)) {
    await done(t, new TestUser(alice.app, `${id}0`).put(`/blocks/${alice.id}`))
    t.strictSame((await list(new TestUser(alice.app, id))).blocks, [])
  }
  await bob.get('/trades')
  await done(t, alice.put(`/blocks/${bob.id}`))
  const found: string[] = []
  for (let token = '', pages = 0; ; pages++) {
    const { blocks, nextPageToken } = await list(alice, `?limit=2${token}`)
    found.push(...blocks.map(({ userId }) => userId))
    for (const { userId, username, blockedAt } of blocks) {
      t.equal(username, userId)
      t.ok(Math.abs(Date.parse(blockedAt) - Date.now()) < 600_000)
    }
    if (nextPageToken === null) break
    t.ok(pages < 8)
    token = `&pageToken=${nextPageToken}`
  }
  t.strictSame(found, [...others, bob.id].sort())
  await done(t, alice.delete(`/blocks/${bob.id}`))
  t.strictSame((await list(alice)).blocks.map(({ userId }) => userId), others)
  refused(t, await bob.request({ url: `/api/me/blocks?pageToken=${(await list(alice, '?limit=1')).nextPageToken}` }), 'invalid_page_token')
})

t.test('with a block neither finds the other, nor is told when the other was there or read', async t => {
  const [alice, bob] = await pair()
  await acquaint(alice.app, alice.id, bob.id)
  for (const [user, other] of [[alice, bob], [bob, alice]] as const) await user.post(`/conversations/${other.id}/read`, { seq: 2 })
  const seen = async (user: TestUser, other: TestUser) => {
    const { otherUser: { online, lastSeenAt }, otherLastReadSeq } = await conversation(user, other)
    const { conversations } = (await user.get('/conversations')).json<ConversationPage>()
    t.match(conversations, [{ otherUser: { online, lastSeenAt }, otherLastReadSeq }], 'the list says the same')
    const { users } = (await user.get(`/users?q=${other.id}`)).json<UserPage>()
    return { online: online !== null, seen: lastSeenAt !== null, otherLastReadSeq, listed: users.map(({ userId }) => userId), found: (await user.get(`/users/${other.id}`)).statusCode }
  }
  const both = async () => [await seen(alice, bob), await seen(bob, alice)]
  const visible = [bob, alice].map(({ id }) => ({ online: true, seen: true, otherLastReadSeq: 2, listed: [id], found: 200 }))
  const hidden = visible.map(() => ({ online: false, seen: false, otherLastReadSeq: 0, listed: [], found: 404 }))
  t.strictSame(await both(), visible)
  await done(t, alice.put(`/blocks/${bob.id}`))
  t.strictSame(await both(), hidden)
  for (const [user, other] of [[alice, bob], [bob, alice]] as const) refused(t, await user.get(`/users/${other.id}`), 'user_not_found')
  await done(t, alice.delete(`/blocks/${bob.id}`))
  t.strictSame(await both(), visible)
})

t.test('with a block an open offer can be ended by either, but not accepted or countered', async t => {
  const [alice, bob] = await pair()
  await acquaint(alice.app, alice.id, bob.id)
  const offers = [await open(alice, bob), await open(bob, alice), await open(alice, bob), await open(bob, alice)] as const
  await done(t, alice.put(`/blocks/${bob.id}`))
  for (const move of [{ response: 'accept' }, { response: 'counter', pricePerUnit: 0.5 }]) {
    refused(t, await respond(alice, offers[1], move), 'blocked')
    refused(t, await respond(bob, offers[0], move), 'contact_not_allowed')
  }
  for (const user of [alice, bob]) refused(t, await user.post(`/${user === alice ? bob.id : alice.id}`, opening()), user === alice ? 'blocked' : 'contact_not_allowed')
  for (const [user, offer, response] of [
    [alice, offers[0], 'withdraw'], [alice, offers[1], 'reject'], [bob, offers[2], 'reject'], [bob, offers[3], 'withdraw']
  ] as const) await done(t, respond(user, offer, { response }), 200)
})

t.test('a conversation is muted for who mutes it, for a time or without end', async t => {
  const [alice, bob] = await pair()
  refused(t, await alice.put(`/mutes/${bob.id}`, {}), 'conversation_not_found')
  refused(t, await alice.delete(`/mutes/${bob.id}`), 'conversation_not_found')
  await alice.say(bob.id, 'hello')
  const { seq: _, ...before } = await conversation(alice, bob)
  t.match(before, { muted: false, mutedUntil: null })
  await done(t, alice.put(`/mutes/${bob.id}`, {}))
  t.match(await conversation(alice, bob), { muted: true, mutedUntil: null })
  t.match(await conversation(bob, alice), { muted: false, mutedUntil: null })
  const until = later(60_000)
  await done(t, alice.put(`/mutes/${bob.id}`, { until }))
  t.match((await alice.get('/conversations')).json(), { conversations: [{ muted: true, mutedUntil: until }] })
  await done(t, bob.say(alice.id, 'hello'), 201)
  t.match(await conversation(alice, bob), { muted: true, unreadCount: 1 }, 'messages come as before')
  for (const wrong of [later(-1), '2026-11-22T10:15:60Z']) refused(t, await alice.put(`/mutes/${bob.id}`, { until: wrong }), 'validation_failed')
  refused(t, await alice.put(`/mutes/${alice.id}`, {}), 'self_conversation')
  await done(t, alice.delete(`/mutes/${bob.id}`))
  t.match(await conversation(alice, bob), { muted: false, mutedUntil: null })
  // One that is over is as if it had never been.
  await alice.app.entities.direct.conversation.change({ conversationId: `${alice.id}~${bob.id}` }, { firstMutedUntil: Date.now() - 1 }, {})
  t.match(await conversation(alice, bob), { muted: false, mutedUntil: null })
})

t.test('what one sets on a device another one finds among the changes', async t => {
  const [alice, bob] = await pair()
  await alice.say(bob.id, 'hello')
  const settle = { firstMutedUntil: 0, firstSetAt: 0 }
  const change = alice.app.entities.direct.conversation
  const { cursor } = (await alice.get('/sync')).json<{ cursor: string }>()
  const later = alice.app.services.cursors.issue(alice.id, { at: alice.app.services.cursors.read(alice.id, cursor).at + 120_000, seen: {} })
  const changed = async () => (await alice.get(`/sync?since=${later}&changes=true`)).json<{ conversations: object[] }>().conversations
  t.strictSame(await changed(), [])
  await change.change({ conversationId: `${alice.id}~${bob.id}` }, { ...settle, firstSetAt: Date.now() + 120_000 }, {})
  t.match(await changed(), [{ otherUser: { userId: bob.id } }])
})

t.test('until the other has answered one may write three messages, of which one is an offer', async t => {
  const [alice, bob] = await pair(replies)
  await done(t, alice.say(bob.id, 'one'), 201)
  t.match([await conversation(alice, bob), await conversation(bob, alice)], [{ contact: 'awaited' }, { contact: 'requested' }])
  const offer = await open(alice, bob)
  refused(t, await alice.post(`/${bob.id}`, opening()), 'reply_awaited')
  await done(t, alice.say(bob.id, 'three', { 'idempotency-key': 'k' }), 201)
  refused(t, await alice.say(bob.id, 'four'), 'reply_awaited')
  t.equal((await alice.say(bob.id, 'three', { 'idempotency-key': 'k' })).headers['idempotent-replayed'], 'true', 'what was acknowledged stays so')
  await done(t, respond(alice, offer, { response: 'withdraw' }), 200)
  await done(t, bob.say(alice.id, 'hello'), 201)
  await done(t, alice.post(`/${bob.id}`, opening()), 201)
  await done(t, alice.post(`/${bob.id}`, opening()), 201)
  t.match([await conversation(alice, bob), await conversation(bob, alice)], [{ contact: 'established' }, { contact: 'established' }])
})

t.test('to accept an offer is an answer', async t => {
  const [alice, bob] = await pair(replies)
  const offer = await open(alice, bob)
  await done(t, respond(bob, offer, { response: 'accept' }), 200)
  for (let n = 0; n < 4; n++) await done(t, alice.say(bob.id, 'hello'), 201)
})

t.test('one may begin 20 conversations a day, whatever is written in those that there are', async t => {
  const [alice, bob] = await pair(replies)
  await done(t, bob.say(alice.id, 'hello'), 201)
  for (let n = 0; n < 20; n++) await done(t, alice.say(`${bob.id}-${n}`, 'hello'), 201)
  const response = await alice.say(`${bob.id}-20`, 'hello')
  refused(t, response, 'contact_limit')
  const wait = Number(response.headers['retry-after'])
  t.ok(wait > 0 && wait <= 86_400, String(wait))
  refused(t, await alice.get(`/conversations/${bob.id}-20`), 'conversation_not_found')
  await done(t, alice.say(bob.id, 'hello'), 201)
  await done(t, alice.say(`${bob.id}-3`, 'again'), 201)
  await done(t, alice.put(`/blocks/${bob.id}-21`))
  refused(t, await alice.say(`${bob.id}-21`, 'hello'), 'blocked', 'a block comes before the limit')
  await done(t, new TestUser(alice.app, `${bob.id}-20`).say(alice.id, 'hello'), 201)
  await done(t, alice.say(`${bob.id}-20`, 'hello'), 201)
})

t.test('where only contacts may write, one may write to who has written, and where an integration has', async t => {
  const [alice, bob] = await pair({ FIRST_CONTACT: 'contacts' })
  refused(t, await alice.say(bob.id, 'hello'), 'contact_not_allowed')
  refused(t, await alice.post(`/${bob.id}`, opening()), 'contact_not_allowed')
  await done(t, alice.put(`/blocks/${bob.id}`))
  refused(t, await alice.say(bob.id, 'hello'), 'blocked')
  refused(t, await bob.say(alice.id, 'hello'), 'contact_not_allowed')
  await done(t, alice.delete(`/blocks/${bob.id}`))

  // A conversation from before it was so.
  const there = new TestUser(await testApp(t, { env: { TABLE_NAME: alice.app.config.TABLE_NAME } }), alice.id)
  await done(t, there.say(bob.id, 'hello'), 201)
  refused(t, await alice.say(bob.id, 'hello'), 'contact_not_allowed')
  const integration = await TestIntegration.make(alice.app, ['messages'])
  await done(t, integration.post(`/conversations/${alice.id}~${bob.id}/messages`, { senderId: alice.id, text: 'You are neighbours' }), 201)
  for (let n = 0; n < 4; n++) await done(t, alice.say(bob.id, 'hello'), 201)
  await done(t, bob.say(alice.id, 'hello'), 201)
})

t.test('an integration is bound by blocks, but not by first contact', async t => {
  const [alice, bob] = await pair(replies)
  const integration = await TestIntegration.make(alice.app, ['messages'])
  const write = async (sender: TestUser) => await integration.post(`/conversations/${alice.id}~${bob.id}/messages`, { senderId: sender.id, text: 'hello' })
  await done(t, alice.say(bob.id, 'hello'), 201)
  for (let n = 0; n < 4; n++) await done(t, write(alice), 201)
  await done(t, alice.put(`/blocks/${bob.id}`))
  refused(t, await write(alice), 'blocked')
  refused(t, await write(bob), 'contact_not_allowed')
})

t.test('what another instance has changed counts at once', async t => {
  const [alice, bob] = await pair(replies)
  const there = await testApp(t, { env: { ...replies, TABLE_NAME: alice.app.config.TABLE_NAME } })
  const [elsewhere, bobElsewhere] = [new TestUser(there, alice.id), new TestUser(there, bob.id)]
  for (let n = 0; n < 3; n++) await done(t, alice.say(bob.id, 'hello'), 201)
  await done(t, bobElsewhere.say(alice.id, 'hello'), 201)
  await done(t, alice.say(bob.id, 'the limit is over'), 201)
  await done(t, elsewhere.put(`/blocks/${bob.id}`))
  refused(t, await alice.say(bob.id, 'hello'), 'blocked')
  refused(t, await bob.say(alice.id, 'hello'), 'contact_not_allowed')
  await done(t, elsewhere.delete(`/blocks/${bob.id}`))
  await done(t, bob.say(alice.id, 'the block is over'), 201)
})
