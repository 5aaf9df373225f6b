import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { BlockPage } from '../../schemas/block.js'
import type { AttachmentUpload } from '../../schemas/attachment.js'
import type { ConversationPage } from '../../schemas/conversation.js'
import type { MessagePage } from '../../schemas/message.js'
import type { Report } from '../../schemas/report.js'
import type { MissedPage } from '../../schemas/sync.js'
import type { TradePage } from '../../schemas/trade-list.js'
import type { UserPage } from '../../schemas/user.js'
import type { EndpointWithSecret } from '../../schemas/endpoint.js'
import { announce, described, find, loadProfile, put, sendFile, sendFiles } from '../support/attachments.js'
import { erase, signedIn } from '../support/erasure.js'
import { addToCell, addToCounterparty, addToSlot, agreed, tradesOf } from '../support/figures.js'
import { listen, testApp, TestSocket, TestStream, TestUser } from '../support/helper.js'
import { listed } from '../support/lists.js'
import { TestIntegration } from '../support/integrations.js'
import { refused } from '../support/problem.js'

const secret = 'the price that only alice and bob know'
/** Every operation is there. */
const figured = { env: { ANALYTICS: 'on' } }

/** What alice and bob have; carol knows alice and isn't told the rest. */
async function world (t: Test) {
  const app = await testApp(t, figured)
  const [alice, bob, carol] = [new TestUser(app, 'alice'), new TestUser(app, 'bob'), new TestUser(app, 'carol')]
  for (let n = 0; n < 3; n++) await alice.say('bob', `${secret} ${n}`)
  await bob.say('alice', secret)
  for (const other of ['dave', 'erin']) await alice.say(other, secret)
  await bob.post('/conversations/alice/read', { seq: 2 })
  return { app, alice, bob, carol }
}

type World = Awaited<ReturnType<typeof world>>

/** Opens a negotiation with bob and returns its id. */
async function openTrade (alice: TestUser): Promise<string> {
  const terms = { pricePerUnit: 0.2, totalAmount: 1, startTime: new Date(Date.now() + 3_600_000).toISOString() }
  return (await alice.post('/bob', { messageType: 'tradeOffer', text: secret, ...terms })).json<{ messageId: string }>().messageId
}

/** Two integrations, of which one has an endpoint. */
async function withEndpoint (app: FastifyInstance) {
  const [owner, other] = [await TestIntegration.make(app, ['trades']), await TestIntegration.make(app, ['trades', 'messages'], { name: 'Other' })]
  const response = await owner.post('/webhooks', { url: 'http://127.0.0.1:9/', events: ['trade.offered'] })
  return { owner, other, endpoint: response.json<EndpointWithSecret>() }
}

/** The endpoint of an integration isn't there for another one, which changes nothing about it either. */
function strangeEndpoint (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', below: string, payload?: object) {
  return async (t: Test, { app, carol }: World) => {
    const { owner, other, endpoint: { secret, ...endpoint } } = await withEndpoint(app)
    const url = `/api/integrations/webhooks/${endpoint.endpointId}${below}`
    refused(t, await carol.request({ method, url, payload }), 'key_invalid')
    const answer = await other.request({ method, url, payload })
    refused(t, answer, 'endpoint_not_found')
    t.notMatch(answer.body, secret)
    t.strictSame((await owner.get(`/webhooks/${endpoint.endpointId}`)).json(), endpoint)
  }
}

/** For every operation below /api: what a third user gets of it. */
const cases: Record<string, (t: Test, world: World) => Promise<void>> = {
  async 'GET /api/messages/users' (t, { alice, carol }) {
    const { users } = (await carol.get('/users')).json<UserPage>()
    t.same(users.map(user => Object.keys(user).sort()), users.map(() => ['lastSeenAt', 'online', 'userId', 'username']))
    const { nextPageToken } = (await alice.get('/users?limit=1')).json<UserPage>()
    refused(t, await carol.get(`/users?limit=1&pageToken=${nextPageToken}`), 'invalid_page_token')
  },
  async 'GET /api/messages/conversations' (t, { alice, carol }) {
    t.strictSame(listed((await carol.get('/conversations')).json<ConversationPage>()), { conversations: [], nextPageToken: null })
    await carol.say('alice', 'hello')
    const { conversations } = (await carol.get('/conversations')).json<ConversationPage>()
    t.same(conversations.map(({ conversationId }) => conversationId), ['alice~carol'])
    const { nextPageToken } = (await alice.get('/conversations?limit=1')).json<ConversationPage>()
    refused(t, await carol.get(`/conversations?limit=1&pageToken=${nextPageToken}`), 'invalid_page_token')
  },
  async 'GET /api/messages/users/{userId}' (t, { alice, carol }) {
    for (const user of [alice, carol]) {
      t.same(Object.keys((await user.get('/users/bob')).json()).sort(), ['lastSeenAt', 'online', 'userId', 'username'])
    }
    refused(t, await carol.get('/users/dave'), 'user_not_found', 'whom others write to, and who was never here')
  },
  async 'GET /api/messages/conversations/{userId}' (t, { bob, carol }) {
    for (const other of ['alice', 'bob', 'nobody']) refused(t, await carol.get(`/conversations/${other}`), 'conversation_not_found')
    refused(t, await carol.get('/conversations/alice~bob'), 'validation_failed')
    t.match((await bob.get('/conversations/alice')).json(), { conversationId: 'alice~bob', lastMessage: { text: secret } })
  },
  async 'GET /api/messages/{userId}' (t, { alice, carol }) {
    for (const other of ['alice', 'bob']) {
      t.strictSame(listed((await carol.get(`/${other}`)).json<MessagePage>()), { messages: [], offers: [], nextPageToken: null })
    }
    refused(t, await carol.get('/alice~bob'), 'validation_failed')
    const { nextPageToken } = (await alice.get('/bob?limit=1')).json<MessagePage>()
    for (const other of ['alice', 'bob']) {
      refused(t, await carol.get(`/${other}?limit=1&pageToken=${nextPageToken}`), 'invalid_page_token')
    }
  },
  async 'POST /api/messages/{userId}' (t, { alice, bob, carol }) {
    t.equal((await carol.say('alice', 'hello')).json().conversationId, 'alice~carol')
    refused(t, await carol.post('/alice', { text: 'hello', senderId: 'bob' }), 'validation_failed')
    refused(t, await carol.post('/alice', { text: 'hello', conversationId: 'alice~bob' }), 'validation_failed')
    for (const [user, other] of [[alice, 'bob'], [bob, 'alice']] as const) {
      t.equal((await user.get(`/${other}`)).json<MessagePage>().messages.length, 4)
    }
    const headers = { 'idempotency-key': 'k' }
    const own = (await alice.say('bob', 'hello', headers)).json()
    t.not((await carol.say('bob', 'hello', headers)).json().messageId, own.messageId, 'keys are no way to another\'s messages')
  },
  async 'POST /api/messages/conversations/{userId}/read' (t, { alice, bob, carol }) {
    for (const other of ['alice', 'bob']) refused(t, await carol.post(`/conversations/${other}/read`, { seq: 3 }), 'conversation_not_found')
    for (const user of [alice, bob]) {
      const { conversations } = (await user.get('/conversations')).json<ConversationPage>()
      t.match(conversations.find(({ conversationId }) => conversationId === 'alice~bob'),
        user === bob ? { lastReadSeq: 2, otherLastReadSeq: 0 } : { lastReadSeq: 0, otherLastReadSeq: 2 })
    }
  },
  async 'GET /api/messages/trades' (t, { alice, carol }) {
    await openTrade(alice)
    for (const query of ['', '?with=alice', '?with=bob', '?role=sender', '?role=receiver', '?awaiting=me']) {
      t.strictSame(listed((await carol.get(`/trades${query}`)).json<TradePage>()), { trades: [], nextPageToken: null })
    }
    await openTrade(alice)
    const { nextPageToken } = (await alice.get('/trades?limit=1')).json<TradePage>()
    refused(t, await carol.get(`/trades?limit=1&pageToken=${nextPageToken}`), 'invalid_page_token')
  },
  async 'GET /api/messages/trades/{messageId}' (t, { alice, bob, carol }) {
    const messageId = await openTrade(alice)
    refused(t, await carol.get(`/trades/${messageId}`), 'trade_not_found')
    t.equal((await bob.get(`/trades/${messageId}`)).statusCode, 200)
  },
  async 'POST /api/messages/trades/{messageId}/respond' (t, { alice, bob, carol }) {
    const messageId = await openTrade(alice)
    for (const response of ['accept', 'reject', 'withdraw']) {
      refused(t, await carol.post(`/trades/${messageId}/respond`, { response }), 'trade_not_found')
    }
    t.match((await bob.get(`/trades/${messageId}`)).json(), { status: 'pending', revision: 1 })
    await bob.post(`/trades/${messageId}/respond`, { response: 'accept' })
    refused(t, await carol.post(`/trades/${messageId}/respond`, { response: 'accept' }), 'trade_not_found')
  },
  async 'GET /api/messages/sync' (t, { alice, carol }) {
    const { cursor } = (await alice.get('/sync')).json<MissedPage>()
    refused(t, await carol.get(`/sync?since=${cursor}`), 'invalid_cursor')
    const own = (await carol.get('/sync')).json<MissedPage>().cursor
    await alice.say('bob', secret)
    t.same((await carol.get(`/sync?since=${own}`)).json<MissedPage>().messages, [])
  },
  async 'POST /api/attachments' (t, { app, alice, bob, carol }) {
    const headers = { 'idempotency-key': 'k' }
    const bytes = loadProfile()
    const body = described('bob', bytes, { fileName: `${secret}.csv` })
    const own = (await announce(alice, body, headers)).json<AttachmentUpload>()
    const other = await announce(carol, { ...body, fileName: 'mine.csv' }, headers)
    t.match([other.statusCode, other.headers['idempotent-replayed']], [201, undefined])
    t.not(other.json<AttachmentUpload>().attachmentId, own.attachmentId, 'keys are no way to another\'s files')
    refused(t, await announce(carol, { ...body, senderId: 'alice' }), 'validation_failed')
    t.equal((await put(app, own, bytes)).statusCode, 200)
    for (const to of ['bob', 'alice']) refused(t, await sendFiles(carol, to, [own.attachmentId]), 'attachment_not_found')
    refused(t, await sendFiles(bob, 'alice', [own.attachmentId]), 'attachment_not_found')
  },
  async 'GET /api/attachments/{attachmentId}' (t, { alice, bob, carol }) {
    const { attachments: [sent] = [] } = await sendFile(alice, 'bob', loadProfile(), { fileName: `${secret}.csv` })
    const [strange, absent] = [await find(carol, sent!.attachmentId), await find(carol, '0'.repeat(32))]
    refused(t, strange, 'attachment_not_found')
    t.equal(strange.body.replaceAll(String(strange.headers['x-request-id']), ''), absent.body.replaceAll(String(absent.headers['x-request-id']), ''))
    for (const user of [alice, bob]) t.equal((await find(user, sent!.attachmentId)).statusCode, 200)
  },
  async 'GET /api/me' (t, { alice, carol }) {
    for (const user of [alice, carol]) t.match((await user.request({ url: '/api/me' })).json(), { userId: user.id })
  },
  async 'DELETE /api/me' (t, { app, alice, bob }) {
    t.equal((await signedIn(app, 'carol').request({ method: 'DELETE', url: '/api/me' })).statusCode, 202)
    for (const user of [alice, bob]) t.match((await user.request({ url: '/api/me' })).json(), { erasesAt: null })
    await erase(app, 'carol', 31 * 24 * 60 * 60 * 1000)
    t.equal((await alice.get('/bob')).json<MessagePage>().messages.filter(({ text }) => text?.startsWith(secret)).length, 4)
  },
  async 'GET /api/me/export' (t, { alice, carol }) {
    t.notMatch((await carol.request({ url: '/api/me/export' })).body, secret)
    for (let n = 0; n < 25; n++) await alice.say(`friend-${n}`, 'hello')
    const { nextPageToken } = JSON.parse((await alice.request({ url: '/api/me/export' })).body.trimEnd().split('\n').pop() as string)
    t.type(nextPageToken, 'string')
    refused(t, await carol.request({ url: `/api/me/export?pageToken=${nextPageToken}` }), 'invalid_page_token')
  },
  async 'GET /api/analytics/me' (t, { app, alice, carol }) {
    const at = new Date().toISOString()
    await addToSlot(app, { userId: 'alice', side: 'sell', at }, { ...agreed(12_345, 6_789), opened: 1 })
    t.match((await alice.request({ url: '/api/analytics/me' })).json(), { totals: { sold: { amount: '12.345' }, opened: 1 } })
    const strange = await carol.request({ url: '/api/analytics/me' })
    t.match(strange.json(), { totals: { sold: { trades: 0, amount: '0', vwap: null }, opened: 0, acceptanceRate: null } })
    t.notMatch(strange.body, '12.345')
    for (const name of ['userId', 'user', 'sub']) refused(t, await carol.request({ url: `/api/analytics/me?${name}=alice` }), 'validation_failed')
  },
  async 'GET /api/analytics/me/counterparties' (t, { app, alice, carol }) {
    for (const otherId of ['bob', 'carol']) await addToCounterparty(app, { userId: 'alice', otherId, month: '2026-11', side: 'sell' }, agreed(12_345, 6_789))
    const [own, strange] = [await alice.request({ url: '/api/analytics/me/counterparties?month=2026-11' }), await carol.request({ url: '/api/analytics/me/counterparties?month=2026-11' })]
    t.match(own.json(), { counterparties: [{ userId: 'bob' }, { userId: 'carol' }] })
    t.match(strange.json(), { counterparties: [], others: { count: 0, sold: { trades: 0 } } })
    t.notMatch(strange.body, /alice|bob/)
  },
  async 'GET /api/analytics/market' (t, { app, carol }) {
    const start = Date.parse('2026-11-20T10:00:00Z')
    const query = '?from=2026-11-20T10:00:00Z&to=2026-11-20T12:00:00Z'
    await addToCell(app, { start }, tradesOf(9, { amount: 12_000 }))
    const { body } = await carol.request({ url: `/api/analytics/market${query}` })
    t.match(JSON.parse(body), { series: [{ suppressed: true, trades: null, amount: null, vwap: null }, { suppressed: true }], totals: { shown: 0, trades: 0, amount: '0', vwap: null } })
    t.notMatch(body, /alice|bob|108|"trades":9/)
  },
  async 'GET /api/integrations/analytics' (t, { app, carol }) {
    refused(t, await carol.request({ url: '/api/integrations/analytics' }), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['trades', 'messages', 'settlement', 'moderation'])).get('/analytics'), 'scope_missing')
    const { statusCode, body } = await (await TestIntegration.make(app, ['analytics'])).get('/analytics')
    t.equal(statusCode, 200)
    t.notMatch(body, /alice|bob/)
  },
  async 'GET /api/events' (t, { app, alice, bob, carol }) {
    const url = await listen(app)
    const { cursor } = (await alice.get('/sync')).json<MissedPage>()
    const headers = { authorization: `Bearer ${carol.token}` }
    refused(t, await carol.request({ url: '/api/events', headers: { 'last-event-id': cursor } }), 'invalid_cursor')
    const stream = await TestStream.open(t, url, headers)
    await alice.say('bob', secret)
    await bob.post('/conversations/alice/read', { seq: 5 })
    await carol.say('dave', 'hello')
    await stream.next('newMessage')
    t.same(stream.received.map(({ type }) => type), ['connected', 'newMessage'])
  },
  async 'POST /api/me/reports' (t, { app, alice, carol }) {
    const report = async (user: TestUser, payload: object) => await user.request({ method: 'POST', url: '/api/me/reports', payload, headers: { 'idempotency-key': 'k' } })
    refused(t, await report(carol, { userId: 'bob', reason: 'spam', seqs: [1] }), 'conversation_not_found', 'what others write can\'t be reported')
    refused(t, await report(carol, { userId: 'bob', reason: 'spam', reporterId: 'alice' }), 'validation_failed')
    const own = (await report(alice, { userId: 'bob', reason: 'spam', seqs: [1], note: secret })).json<Report>()
    const other = await report(carol, { userId: 'bob', reason: 'spam' })
    t.equal(other.statusCode, 201)
    t.not(other.json<Report>().reportId, own.reportId, 'keys are no way to another\'s reports')
    t.equal((await app.entities.direct.report.between({ reporterId: 'carol', reportId: '' }, { reporterId: 'carol', reportId: '~' }, { limit: 9, order: 'asc' })).items.length, 1)
  },
  async 'GET /api/me/blocks' (t, { alice, carol }) {
    for (const other of ['bob', 'dave']) await alice.put(`/blocks/${other}`)
    const list = async (user: TestUser, query = '') => await user.request({ url: `/api/me/blocks${query}` })
    t.same((await list(carol)).json(), { blocks: [], nextPageToken: null })
    const { nextPageToken } = (await list(alice, '?limit=1')).json<BlockPage>()
    refused(t, await list(carol, `?pageToken=${nextPageToken}`), 'invalid_page_token')
  },
  async 'PUT /api/me/blocks/{userId}' (t, { alice, bob, carol }) {
    for (const other of ['alice', 'bob']) t.equal((await carol.put(`/blocks/${other}`)).statusCode, 204)
    t.equal((await alice.say('bob', secret)).statusCode, 201, 'a third user comes between nobody')
    t.match((await bob.get('/users/alice')).json(), { userId: 'alice' })
  },
  async 'DELETE /api/me/blocks/{userId}' (t, { alice, bob, carol }) {
    await alice.put('/blocks/bob')
    for (const other of ['alice', 'bob']) t.equal((await carol.delete(`/blocks/${other}`)).statusCode, 204)
    refused(t, await bob.say('alice', secret), 'contact_not_allowed')
  },
  async 'PUT /api/me/mutes/{userId}' (t, { alice, bob, carol }) {
    for (const other of ['alice', 'bob']) refused(t, await carol.put(`/mutes/${other}`, {}), 'conversation_not_found')
    for (const [user, other] of [[alice, 'bob'], [bob, 'alice']] as const) t.match((await user.get(`/conversations/${other}`)).json(), { muted: false })
  },
  async 'DELETE /api/me/mutes/{userId}' (t, { alice, carol }) {
    await alice.put('/mutes/bob', {})
    for (const other of ['alice', 'bob']) refused(t, await carol.delete(`/mutes/${other}`), 'conversation_not_found')
    t.match((await alice.get('/conversations/bob')).json(), { muted: true })
  },
  async 'GET /api/integrations/me' (t, { app, carol }) {
    const [one, other] = [await TestIntegration.make(app, ['trades'], { name: secret }), await TestIntegration.make(app, [], { name: 'Other' })]
    refused(t, await carol.request({ url: '/api/integrations/me' }), 'key_invalid')
    t.match((await other.get('/me')).json(), { integrationId: other.id, name: 'Other' })
    t.match((await one.get('/me')).json(), { integrationId: one.id, name: secret })
  },
  async 'PUT /api/integrations/users/{userId}' (t, { app, alice, carol }) {
    const url = '/api/integrations/users/bob'
    refused(t, await carol.request({ method: 'PUT', url, payload: { name: 'Carol' } }), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['trades', 'settlement', 'moderation'])).put('/users/bob', { name: 'Carol' }), 'scope_missing')
    t.match((await alice.get('/users/bob')).json(), { username: 'bob' })
  },
  async 'POST /api/integrations/users/{userId}/suspend' (t, { app, alice, carol }) {
    const payload = { until: new Date(Date.now() + 60_000).toISOString(), reason: secret }
    refused(t, await carol.request({ method: 'POST', url: '/api/integrations/users/alice/suspend', payload }), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['trades', 'settlement', 'messages'])).post('/users/alice/suspend', payload), 'scope_missing')
    t.equal((await alice.say('bob', 'hello')).statusCode, 201)
    await (await TestIntegration.make(app, ['moderation'])).post('/users/alice/suspend', payload)
    refused(t, await alice.say('bob', 'hello'), 'suspended')
    t.equal((await carol.say('alice', 'hello')).statusCode, 201, 'others aren\'t told')
  },
  async 'DELETE /api/integrations/users/{userId}/suspend' (t, { app, alice, carol }) {
    const moderators = await TestIntegration.make(app, ['moderation'])
    await moderators.post('/users/alice/suspend', { until: new Date(Date.now() + 60_000).toISOString(), reason: secret })
    const end = { method: 'DELETE' as const, url: '/api/integrations/users/alice/suspend' }
    for (const user of [alice, carol]) refused(t, await user.request(end), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['trades', 'settlement', 'messages'])).request(end), 'scope_missing')
    refused(t, await alice.say('bob', 'hello'), 'suspended')
  },
  async 'GET /api/integrations/conversations/{conversationId}/messages' (t, { app, carol }) {
    const path = '/conversations/alice~bob/messages'
    refused(t, await carol.request({ url: `/api/integrations${path}` }), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['trades', 'settlement', 'moderation'])).get(path), 'scope_missing')
    const [one, other] = [await TestIntegration.make(app, ['messages']), await TestIntegration.make(app, ['messages'])]
    const { nextPageToken } = (await one.get(`${path}?limit=1`)).json<MessagePage>()
    t.equal((await one.get(`${path}?limit=1&pageToken=${nextPageToken}`)).statusCode, 200)
    refused(t, await other.get(`${path}?limit=1&pageToken=${nextPageToken}`), 'invalid_page_token')
    refused(t, await carol.get(`/alice?limit=1&pageToken=${nextPageToken}`), 'invalid_page_token')
  },
  async 'POST /api/integrations/conversations/{conversationId}/messages' (t, { app, alice, carol }) {
    const path = '/conversations/alice~bob/messages'
    const payload = { senderId: 'alice', text: 'hello' }
    refused(t, await carol.request({ method: 'POST', url: `/api/integrations${path}`, payload }), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['trades', 'settlement', 'moderation'])).post(path, payload), 'scope_missing')
    const writer = await TestIntegration.make(app, ['messages'])
    refused(t, await writer.post(path, { ...payload, senderId: 'carol' }), 'not_a_member', 'nobody gets into the conversation of others')
    t.equal((await alice.get('/bob')).json<MessagePage>().messages.length, 4)
    const headers = { 'idempotency-key': 'k' }
    await alice.say('bob', secret, headers)
    t.equal((await writer.post(path, payload, headers)).json().text, 'hello', 'keys are no way to another\'s messages')
  },
  async 'GET /api/integrations/trades/{messageId}' (t, { app, alice, carol }) {
    const messageId = await openTrade(alice)
    refused(t, await carol.request({ url: `/api/integrations/trades/${messageId}` }), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['messages', 'settlement', 'moderation'])).get(`/trades/${messageId}`), 'scope_missing')
    const reader = await TestIntegration.make(app, ['trades'])
    t.notMatch((await reader.get(`/trades/${messageId}`)).body, secret, 'what was said needs another scope')
    refused(t, await reader.get('/trades/00000000-0000-4000-8000-000000000000'), 'trade_not_found')
  },
  async 'GET /api/integrations/webhooks' (t, { app, carol }) {
    const { other, endpoint, owner } = await withEndpoint(app)
    refused(t, await carol.request({ url: '/api/integrations/webhooks' }), 'key_invalid')
    t.strictSame((await other.get('/webhooks')).json(), { endpoints: [] })
    t.match((await owner.get('/webhooks')).json(), { endpoints: [{ endpointId: endpoint.endpointId }] })
  },
  async 'POST /api/integrations/webhooks' (t, { app, carol }) {
    const payload = { url: 'https://billing.example/', events: ['message.created'] }
    refused(t, await carol.request({ method: 'POST', url: '/api/integrations/webhooks', payload }), 'key_invalid')
    refused(t, await (await TestIntegration.make(app, ['trades', 'settlement', 'moderation'])).post('/webhooks', payload), 'scope_missing')
  },
  'GET /api/integrations/webhooks/{endpointId}': strangeEndpoint('GET', ''),
  'PATCH /api/integrations/webhooks/{endpointId}': strangeEndpoint('PATCH', '', { enabled: false }),
  'DELETE /api/integrations/webhooks/{endpointId}': strangeEndpoint('DELETE', ''),
  'POST /api/integrations/webhooks/{endpointId}/secret': strangeEndpoint('POST', '/secret'),
  'POST /api/integrations/webhooks/{endpointId}/test': strangeEndpoint('POST', '/test'),
  'GET /api/integrations/webhooks/{endpointId}/deliveries': strangeEndpoint('GET', '/deliveries'),
  'POST /api/integrations/webhooks/{endpointId}/replay': strangeEndpoint('POST', '/replay', { since: new Date().toISOString(), state: 'all' }),
  async 'GET /api/ws' (t, { app, alice, bob, carol }) {
    const url = await listen(app)
    const socket = await TestSocket.open(t, url, carol)
    const anonymous = new TestSocket(url)
    t.teardown(() => anonymous.socket.terminate())
    await new Promise(resolve => anonymous.socket.once('open', resolve))
    await alice.say('bob', secret)
    await bob.post('/conversations/alice/read', { seq: 5 })
    socket.send({ type: 'read', data: { userId: 'bob', seq: 3 } })
    await socket.settle()
    t.same(socket.received.map(({ type }) => type).filter(type => type !== 'ack'), ['connected', 'error'])
    t.same(anonymous.received, [])
  }
}

function operations (app: FastifyInstance) {
  return Object.entries(app.swagger().paths ?? {}).flatMap(([path, methods]) => path.startsWith('/api')
    ? Object.keys(methods!).map(method => ({ path, method: method.toUpperCase() as 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', name: `${method.toUpperCase()} ${path}` }))
    : [])
}

const pathTo = (template: string) => template.replaceAll('{userId}', 'bob').replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')

t.test('a third user gets nothing of what others have', async t => {
  const documented = operations(await testApp(t, figured)).map(({ name }) => name)
  t.same(Object.keys(cases).sort(), documented.sort(), 'there is a case for every operation')
  for (const [name, check] of Object.entries(cases)) {
    t.test(name, async t => {
      const there = await world(t)
      const seen: string[] = []
      const { carol } = there
      const request = carol.request.bind(carol)
      carol.request = async options => {
        const response = await request(options)
        seen.push(response.body)
        return response
      }
      await check(t, there)
      t.notMatch(seen.join('\n'), secret)
    })
  }
})

t.test('without a good token nothing is answered', async t => {
  const { app } = await world(t)
  const good = new TestUser(app, 'bob').token
  const [header, payload, signature] = good.split('.')
  const other = (await testApp(t, { env: { JWT_SECRET: 'another secret that only the tests know' } })).jwt.sign({ sub: 'bob' }, { expiresIn: '1h' })
  const headersOf: Record<string, [headers: Record<string, string>, code: 'token_missing' | 'token_invalid' | 'token_expired']> = {
    'no token': [{}, 'token_missing'],
    'another scheme': [{ authorization: 'Basic YWxpY2U6YWxpY2U=' }, 'token_missing'],
    'no token after the scheme': [{ authorization: 'Bearer' }, 'token_invalid'],
    'another secret': [{ authorization: `Bearer ${other}` }, 'token_invalid'],
    'a token without a signature': [{ authorization: `Bearer ${header}.${payload}.` }, 'token_invalid'],
    'other claims': [{ authorization: `Bearer ${header}.${Buffer.from('{"sub":"alice","exp":9999999999}').toString('base64url')}.${signature}` }, 'token_invalid'],
    'an expired token': [{ authorization: `Bearer ${app.jwt.sign({ sub: 'bob' }, { expiresIn: -1 })}` }, 'token_expired']
  }
  const guarded = operations(app).filter(({ path }) => path !== '/api/ws')
  t.ok(guarded.length >= 5)
  for (const { method, path, name } of guarded) {
    for (const [what, [headers, code]] of Object.entries(headersOf)) {
      for (const query of ['', '?access_token=' + good, '?token=' + good]) {
        const response = await app.inject({ method, url: pathTo(path) + query, headers, ...(method !== 'GET' && { payload: { text: 'hello', seq: 1 } }) })
        refused(t, response, path.startsWith('/api/integrations/') && code !== 'token_missing' ? 'key_invalid' : code, `${name}: ${what}`)
        t.match(response.headers['www-authenticate'], /^Bearer realm="equilux-chat"/)
        t.notMatch(response.body, secret)
      }
    }
  }
  const bob = new TestUser(app, 'bob')
  t.equal((await bob.get('/alice')).json<MessagePage>().messages.length, 4, 'nothing was sent')
})

t.test('who is not known is refused before the request is looked at', async t => {
  const { app } = await world(t)
  const bad = [
    { method: 'GET', url: '/api/messages/a%23b?limit=0' },
    { method: 'GET', url: '/api/messages/users?color=red' },
    { method: 'POST', url: '/api/messages/bob', payload: '{', headers: { 'content-type': 'application/json' } },
    { method: 'POST', url: '/api/messages/bob', payload: 'x'.repeat(100_000), headers: { 'content-type': 'text/plain' } }
  ] as const
  for (const request of bad) refused(t, await app.inject(request), 'token_missing', `${request.method} ${request.url}`)
})

t.test('no two pairs of users share anything, whatever their ids', async t => {
  const app = await testApp(t)
  const ids = [
    'bob', 'Bob', 'BOB', 'a', 'a:b', 'a:', ':a', 'a|b', 'alice|x', '+41', '41', 'a=b', 'a.b', 'a.', 'a@b.example', 'A@b.example', 'a+b',
    'a_b', 'a-b', '-', '|', '=', 'head', 'message', 'profile', 'x'.repeat(128), 'x'.repeat(127)
  ]
  const id = fc.oneof(fc.constantFrom(...ids), fc.stringMatching(/^[A-Za-c@:|+=_-][A-Ca-c@.:|+=_-]{0,5}$/))
  const pair = fc.tuple(id, id).filter(([one, other]) => one !== other)
  const sent = new Map<string, string[]>()
  const keyOf = (one: string, other: string) => JSON.stringify([one, other].sort())
  let count = 0
  await fc.assert(fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 4 }), async pairs => {
    for (const [one, other] of pairs) {
      const text = `message ${++count}`
      const texts = sent.get(keyOf(one, other)) ?? []
      sent.set(keyOf(one, other), [text, ...texts])
      const response = await new TestUser(app, one).say(other, text)
      assert.equal(response.statusCode, 201, response.body)
      const { seq, senderId, receiverId } = response.json()
      assert.deepEqual({ seq, senderId, receiverId }, { seq: texts.length + 1, senderId: one, receiverId: other })
    }
    for (const [one, other] of pairs) {
      const user = new TestUser(app, one)
      const { messages } = (await user.get(`/${encodeURIComponent(other)}?limit=100`)).json<MessagePage>()
      assert.deepEqual(messages.map(({ text }) => text), sent.get(keyOf(one, other))!.slice(0, 100))
    }
  }), { numRuns: 40 })
  for (const own of ids) {
    const { conversations } = (await new TestUser(app, own).get('/conversations?limit=100')).json<ConversationPage>()
    const expected = [...sent].filter(([key]) => (JSON.parse(key) as string[]).includes(own))
    const known = new Map(expected.map(([key, [last]]) => [(JSON.parse(key) as string[]).find(id => id !== own)!, last]))
    t.same(new Map(conversations.map(({ otherUser, lastMessage }) => [otherUser.userId, lastMessage.text])), known, own.slice(0, 20))
  }
})

t.test('users whose ids differ only in case are strangers', async t => {
  const app = await testApp(t)
  const [bob, Bob, alice] = [new TestUser(app, 'bob'), new TestUser(app, 'Bob'), new TestUser(app, 'alice')]
  await alice.say('bob', secret)
  t.same((await Bob.get('/alice')).json().messages, [])
  t.same((await Bob.get('/conversations')).json().conversations, [])
  refused(t, await Bob.post('/conversations/alice/read', { seq: 1 }), 'conversation_not_found')
  t.equal((await bob.say('Bob', 'we are two')).statusCode, 201)
  t.equal((await Bob.say('bob', 'indeed')).json().seq, 2)
})
