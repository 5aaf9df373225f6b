import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import t, { type Test } from 'tap'
import { locales } from '../../schemas/locales.js'
import type { ProblemCode } from '../../schemas/problem.js'
import { acquaint } from '../support/acquaint.js'
import { announce, described, download, loadProfile, sendFile } from '../support/attachments.js'
import { testApp, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { refused } from '../support/problem.js'
import { open, opening } from '../support/trades.js'

/** Operations that are the same whoever has blocked whom: of one's own affairs, of integrations, and those that another file looks at. */
const unconcerned = new Set([
  // What one has traded one has traded: figures name whom with, and nothing else of them.
  'GET /api/analytics/me', 'GET /api/analytics/me/counterparties', 'GET /api/analytics/market', 'GET /api/integrations/analytics',
  'GET /api/me', 'DELETE /api/me', 'GET /api/me/export', 'POST /api/me/reports',
  'GET /api/integrations/me', 'PUT /api/integrations/users/{userId}', 'GET /api/integrations/conversations/{conversationId}/messages',
  'GET /api/integrations/trades/{messageId}',
  // What comes live: test/live/safety.test.ts.
  'GET /api/ws', 'GET /api/events'
])
const isOfOperators = (name: string) => name.includes('/webhooks') || name.endsWith('/suspend')

/** Alice has blocked bob; they know each other, and have an offer of either. In the other world alice takes no messages of strangers, which bob is. */
async function world (t: Test) {
  const app = await testApp(t, { env: { ANALYTICS: 'on' } })
  const unwanted = await testApp(t, { env: { FIRST_CONTACT: 'contacts' } })
  const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(id => new TestUser(app, id)) as [TestUser, TestUser, TestUser]
  await acquaint(app, 'alice', 'bob', 'carol')
  const offers = { ofAlice: await open(alice, bob), ofBob: await open(bob, alice) }
  for (const [one, other] of [[alice, 'bob'], [bob, 'alice']] as const) await one.post(`/conversations/${other}/read`, { seq: 4 })
  await alice.put('/blocks/bob')
  return { app, alice, bob, carol, offers, stranger: new TestUser(unwanted, 'bob') }
}

type World = Awaited<ReturnType<typeof world>>

/** All that a caller gets, but what names the request and the time. */
function shown ({ statusCode, headers, body }: LightMyRequestResponse) {
  const { date, 'x-request-id': id, ...rest } = headers
  return { statusCode, headers: Object.entries(rest), body: body.replaceAll(String(id), '') }
}

/** Asserts that who is blocked gets what a stranger gets who isn't wanted, to the byte and in every language, and who has blocked is told. */
async function alike (t: Test, { bob, alice, stranger }: World, ask: (user: TestUser, headers: Record<string, string>) => Promise<LightMyRequestResponse>) {
  for (const locale of locales) {
    const headers = { 'accept-language': locale }
    const [blocked, other] = [await ask(bob, headers), await stranger.request({ method: 'POST', url: '/api/messages/alice', payload: { text: 'hello' }, headers })]
    t.equal(blocked.json<{ code: ProblemCode }>().code, 'contact_not_allowed')
    t.strictSame(shown(blocked), shown(other), locale)
  }
  refused(t, await ask(alice, {}), 'blocked')
}

const others: Record<string, string> = { alice: 'bob', bob: 'alice' }

/** For every other operation: what who is blocked gets, and who has blocked. */
const cases: Record<string, (t: Test, world: World) => Promise<void>> = {
  async 'GET /api/messages/users' (t, { alice, bob, carol }) {
    const found = async (user: TestUser) => (await user.get('/users')).json<{ users: Array<{ userId: string }> }>().users.map(({ userId }) => userId)
    t.strictSame([await found(alice), await found(bob), await found(carol)], [['carol'], ['carol'], ['alice', 'bob']])
  },
  async 'GET /api/messages/users/{userId}' (t, { alice, bob, carol }) {
    for (const user of [alice, bob]) {
      const nobody = await user.get('/users/nobody')
      t.strictSame(shown(await user.get(`/users/${others[user.id]}`)), shown(nobody), 'as who was never here')
    }
    t.equal((await carol.get('/users/alice')).statusCode, 200)
  },
  async 'GET /api/messages/conversations' (t, { alice, bob }) {
    for (const user of [alice, bob]) {
      const { conversations } = (await user.get('/conversations')).json<{ conversations: Array<{ otherUser: { userId: string } }> }>()
      t.match(conversations.find(({ otherUser: { userId } }) => userId === others[user.id]), {
        otherUser: { online: null, lastSeenAt: null }, otherLastReadSeq: 0, lastReadSeq: 4, blocked: user === alice, contact: 'established'
      })
    }
  },
  async 'GET /api/messages/conversations/{userId}' (t, { alice, bob }) {
    for (const user of [alice, bob]) {
      t.match((await user.get(`/conversations/${others[user.id]}`)).json(), {
        otherUser: { online: null, lastSeenAt: null }, otherLastReadSeq: 0, lastReadSeq: 4, blocked: user === alice
      })
    }
  },
  async 'POST /api/messages/conversations/{userId}/read' (t, { alice, bob }) {
    for (const user of [alice, bob]) {
      t.match((await user.post(`/conversations/${others[user.id]}/read`, { seq: 3 })).json(), { lastReadSeq: 4 }, 'own positions go on')
    }
    t.match((await alice.get('/conversations/bob')).json(), { otherLastReadSeq: 0 })
  },
  async 'GET /api/messages/{userId}' (t, { alice, bob }) {
    for (const user of [alice, bob]) t.equal((await user.get(`/${others[user.id]}`)).json<{ messages: object[] }>().messages.length, 4, 'what was said stays')
  },
  async 'POST /api/messages/{userId}' (t, world) {
    await alike(t, world, async (user, headers) => await user.request({ method: 'POST', url: `/api/messages/${others[user.id]}`, payload: { text: 'hello' }, headers }))
    await alike(t, world, async (user, headers) => await user.request({ method: 'POST', url: `/api/messages/${others[user.id]}`, payload: opening(), headers }))
    const { bob, alice } = world
    const key = { 'idempotency-key': 'k' }
    refused(t, await bob.say('alice', 'hello', key), 'contact_not_allowed')
    await alice.delete('/blocks/bob')
    t.equal((await bob.say('alice', 'hello', key)).statusCode, 201, 'a refusal leaves no trace')
    await alice.put('/blocks/bob')
    const again = await bob.say('alice', 'hello', key)
    t.match([again.statusCode, again.headers['idempotent-replayed']], [201, 'true'], 'what was acknowledged stays so')
    refused(t, await bob.say('alice', 'hello'), 'contact_not_allowed')
  },
  async 'POST /api/attachments' (t, world) {
    const bytes = loadProfile()
    await alike(t, world, async (user, headers) => await announce(user, described(others[user.id]!, bytes), headers))
  },
  async 'GET /api/attachments/{attachmentId}' (t, { alice, bob }) {
    await alice.delete('/blocks/bob')
    const bytes = loadProfile()
    const { attachments: [sent] = [] } = await sendFile(bob, 'alice', bytes)
    await alice.put('/blocks/bob')
    for (const user of [alice, bob]) t.strictSame(await download(user, sent!.attachmentId), bytes, 'what was sent stays')
  },
  async 'GET /api/messages/trades' (t, { alice, bob }) {
    for (const user of [alice, bob]) {
      t.equal((await user.get(`/trades?with=${others[user.id]}`)).json<{ trades: object[] }>().trades.length, 2)
    }
  },
  async 'GET /api/messages/trades/{messageId}' (t, { alice, bob, offers }) {
    for (const user of [alice, bob]) t.match((await user.get(`/trades/${offers.ofAlice.messageId}`)).json(), { status: 'pending' })
  },
  async 'POST /api/messages/trades/{messageId}/respond' (t, world) {
    const { alice, bob, offers } = world
    const to = (user: TestUser) => user.id === 'alice' ? offers.ofBob : offers.ofAlice
    for (const payload of [{ response: 'accept' }, { response: 'counter', pricePerUnit: 0.5 }]) {
      await alike(t, world, async (user, headers) => await user.request({ method: 'POST', url: `/api/messages/trades/${to(user).messageId}/respond`, payload, headers }))
    }
    t.match((await bob.post(`/trades/${to(bob).messageId}/respond`, { response: 'reject' })).json(), { status: 'rejected' })
    t.match((await alice.post(`/trades/${to(alice).messageId}/respond`, { response: 'reject' })).json(), { status: 'rejected' })
  },
  async 'GET /api/messages/sync' (t, { app, alice, bob, carol }) {
    const { cursors } = app.services
    for (const user of [alice, bob]) {
      const since = cursors.issue(user.id, { at: Date.now(), seen: {} })
      const { conversations } = (await user.get(`/sync?since=${since}&changes=true`)).json<{ conversations: Array<{ otherUser: { userId: string } }> }>()
      t.match(conversations.find(({ otherUser: { userId } }) => userId === others[user.id]), { otherUser: { online: null, lastSeenAt: null }, otherLastReadSeq: 0 })
      t.match(conversations.find(({ otherUser: { userId } }) => userId === carol.id), { otherUser: { online: false } })
    }
  },
  async 'GET /api/me/blocks' (t, { alice, bob }) {
    const list = async (user: TestUser) => (await user.request({ url: '/api/me/blocks' })).json<{ blocks: Array<{ userId: string }> }>().blocks.map(({ userId }) => userId)
    t.strictSame([await list(alice), await list(bob)], [['bob'], []])
  },
  async 'PUT /api/me/blocks/{userId}' (t, { bob }) {
    t.equal((await bob.put('/blocks/alice')).statusCode, 204)
    refused(t, await bob.say('alice', 'hello'), 'blocked')
  },
  async 'DELETE /api/me/blocks/{userId}' (t, { bob }) {
    t.equal((await bob.delete('/blocks/alice')).statusCode, 204)
    refused(t, await bob.say('alice', 'hello'), 'contact_not_allowed', 'one takes back one\'s own')
  },
  async 'PUT /api/me/mutes/{userId}' (t, { alice, bob }) {
    for (const user of [alice, bob]) t.equal((await user.put(`/mutes/${others[user.id]}`, {})).statusCode, 204)
  },
  async 'DELETE /api/me/mutes/{userId}' (t, { alice, bob }) {
    for (const user of [alice, bob]) t.equal((await user.delete(`/mutes/${others[user.id]}`)).statusCode, 204)
  },
  async 'POST /api/integrations/conversations/{conversationId}/messages' (t, world) {
    const integration = await TestIntegration.make(world.app, ['messages'])
    const write = async (user: TestUser) => await integration.request({
      method: 'POST', url: '/api/integrations/conversations/alice~bob/messages', payload: { senderId: user.id, text: 'hello' }
    })
    const answer = await write(world.bob)
    const other = await world.stranger.say('alice', 'hello')
    t.equal(shown(answer).body, shown(other).body)
    refused(t, answer, 'contact_not_allowed')
    refused(t, await write(world.alice), 'blocked')
  }
}

function operations (app: FastifyInstance) {
  return Object.entries(app.swagger().paths ?? {}).filter(([path]) => path.startsWith('/api'))
    .flatMap(([path, methods]) => Object.keys(methods!).map(method => `${method.toUpperCase()} ${path}`))
}

t.test('who is blocked gets of every operation what a stranger gets who isn\'t wanted', async t => {
  const there = await world(t)
  const concerned = operations(there.app).filter(name => !unconcerned.has(name) && !isOfOperators(name))
  t.strictSame(Object.keys(cases).sort(), concerned.sort(), 'there is a case for every operation')
  // Each leaves the block as it finds it, or ends it for itself.
  for (const [name, check] of Object.entries(cases)) {
    await there.bob.delete('/blocks/alice')
    await there.alice.put('/blocks/bob')
    await t.test(name, async t => await check(t, there))
  }
})
