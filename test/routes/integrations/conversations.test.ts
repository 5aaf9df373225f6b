import t, { type Test } from 'tap'
import type { Conversation } from '../../../schemas/conversation.js'
import type { Message, MessagePage, MessagePageOfUsers } from '../../../schemas/message.js'
import type { MissedPage } from '../../../schemas/sync.js'
import { createLogger } from '../../../src/observability/logger.js'
import { databaseCalls } from '../../support/calls.js'
import { intercept, loseAnswer } from '../../support/faults.js'
import { listen, testApp, TestSocket, TestStream, TestUser, type TestAppOptions } from '../../support/helper.js'
import { TestIntegration } from '../../support/integrations.js'
import { listed } from '../../support/lists.js'
import { refused } from '../../support/problem.js'
import { requestUnits } from '../../support/request-units.js'
import { open, respond } from '../../support/trades.js'

const path = '/conversations/alice~bob/messages'
const text = 'Your meter was read'

async function world (t: Test, options: TestAppOptions = {}) {
  const app = await testApp(t, options)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  await alice.say('bob', 'hello')
  return { app, alice, bob, machine: await TestIntegration.make(app, ['messages']) }
}

const texts = ({ messages }: MessagePageOfUsers | MissedPage) => messages.map(message => message.text)

t.test('what an integration writes is the member\'s message, and bears the integration\'s name wherever it is shown', async t => {
  const { app, alice, bob, machine } = await world(t)
  const { cursor } = (await bob.get('/sync')).json<MissedPage>()
  const url = await listen(app)
  const [ofAlice, ofBob] = [await TestSocket.open(t, url, alice), await TestSocket.open(t, url, bob)]
  const stream = await TestStream.open(t, url, { authorization: `Bearer ${bob.token}` })
  const response = await machine.post(path, { senderId: 'alice', text })
  t.equal(response.statusCode, 201)
  const message = response.json<Message>()
  t.match(message, { conversationId: 'alice~bob', seq: 2, senderId: 'alice', receiverId: 'bob', messageType: 'text', text, via: 'Stadtwerke' })
  t.same(Object.keys(message).sort(), ['conversationId', 'messageId', 'messageType', 'receiverId', 'senderId', 'seq', 'text', 'timestamp', 'via'])
  t.strictSame((await ofAlice.next('newMessage')).data, message)
  t.strictSame((await ofBob.next('newMessage')).data, message)
  t.strictSame((await stream.next('newMessage')).data, message)
  for (const [user, other] of [[alice, 'bob'], [bob, 'alice']] as const) {
    const { messages } = (await user.get(`/${other}`)).json<MessagePage>()
    t.strictSame(messages[0], message)
    t.notOk('via' in messages[1]!, 'a message of the user\'s own has no such property')
  }
  t.strictSame((await bob.get(`/sync?since=${cursor}`)).json<MissedPage>().messages, [message])
  t.match((await bob.get('/conversations/alice')).json<Conversation>(), { seq: 2, unreadCount: 2, lastMessage: { senderId: 'alice', text } })
  t.match((await alice.get('/conversations/bob')).json<Conversation>(), { unreadCount: 0 })
})

t.test('it counts as written by the member: who has answered that way is acquainted', async t => {
  const { bob, machine } = await world(t)
  t.match((await bob.get('/users/alice')).json(), { online: null })
  t.match((await machine.post(path, { senderId: 'bob', text })).json(), { senderId: 'bob', receiverId: 'alice' })
  t.match((await bob.get('/users/alice')).json(), { online: false })
})

t.test('only a conversation that is there is written in, and only in the name of its members', async t => {
  const { alice, machine } = await world(t)
  const body = { senderId: 'alice', text }
  for (const id of ['alice~carol', 'Alice~bob', 'bob~carol']) {
    refused(t, await machine.post(`/conversations/${id}/messages`, body), 'conversation_not_found', id)
    refused(t, await machine.get(`/conversations/${id}/messages`), 'conversation_not_found', id)
  }
  refused(t, await machine.post('/conversations/bob~alice/messages', body), 'conversation_not_found', 'the ids are sorted')
  for (const senderId of ['carol', 'Alice', 'alice~bob'.slice(0, 4)]) refused(t, await machine.post(path, { ...body, senderId }), 'not_a_member', senderId)
  for (const id of ['alice', 'alice~', '~bob', 'alice~bob~carol', 'alice%23~bob', `${'x'.repeat(129)}~${'y'.repeat(129)}`]) {
    refused(t, await machine.post(`/conversations/${id}/messages`, body), 'validation_failed', id)
  }
  const bad = [{}, { text }, { senderId: 'alice' }, { ...body, text: '' }, { ...body, text: 'x'.repeat(4001) }, { ...body, text: '\ud800' }, { ...body, via: 'x' }, { ...body, messageType: 'text' }, { ...body, senderId: '#' }]
  for (const payload of bad) refused(t, await machine.post(path, payload), 'validation_failed', JSON.stringify(payload).slice(0, 60))
  t.equal((await alice.get('/bob')).json<MessagePage>().messages.length, 1, 'nothing was written')
})

t.test('the longest ids have room in the path', async t => {
  const app = await testApp(t)
  const [first, second] = [`${'@'.repeat(127)}a`, `${'@'.repeat(127)}b`] as const
  await new TestUser(app, first).say(second, 'hello')
  const machine = await TestIntegration.make(app, ['messages'])
  const id = encodeURIComponent(`${first}~${second}`)
  t.equal((await machine.get(`/conversations/${id}/messages`)).json<MessagePageOfUsers>().messages.length, 1)
})

t.test('a retry with the same key makes no second message, at any concurrency and when the answer was lost', async t => {
  const { app, alice, machine } = await world(t)
  const headers = { 'idempotency-key': 'reading-1' }
  intercept(t, app, 'TransactWriteItems', loseAnswer(1))
  const responses = await Promise.all(Array.from({ length: 12 }, async () => await machine.post(path, { senderId: 'alice', text }, headers)))
  t.same(responses.map(({ statusCode }) => statusCode), Array.from({ length: 12 }, () => 201))
  t.equal(new Set(responses.map(({ body }) => body)).size, 1, 'all get the same message')
  const later = await machine.post(path, { senderId: 'alice', text }, headers)
  t.equal(later.headers['idempotent-replayed'], 'true')
  t.equal(later.json<Message>().via, 'Stadtwerke')
  t.equal((await alice.get('/bob')).json<MessagePage>().messages.length, 2)
  refused(t, await machine.post(path, { senderId: 'bob', text }, headers), 'idempotency_key_reused', 'in another\'s name')
  refused(t, await machine.post(path, { senderId: 'alice', text: 'x' }, headers), 'idempotency_key_reused')
})

t.test('a key of an integration is none of the user\'s, nor of another integration', async t => {
  const { app, alice, machine } = await world(t)
  const headers = { 'idempotency-key': 'k' }
  const own = (await alice.say('bob', text, headers)).json<Message>()
  const first = await machine.post(path, { senderId: 'alice', text }, headers)
  const second = await (await TestIntegration.make(app, ['messages'], { name: 'CRM' })).post(path, { senderId: 'alice', text }, headers)
  t.same([own.seq, first.json<Message>().seq, second.json<Message>().seq], [2, 3, 4])
  t.same([own.via, first.json<Message>().via, second.json<Message>().via], [undefined, 'Stadtwerke', 'CRM'])
  for (const response of [first, second]) t.notOk(response.headers['idempotent-replayed'])
  t.equal((await alice.say('bob', text, headers)).json<Message>().seq, 2)
})

t.test('an integration reads a conversation page by page, in both directions, its offers beside it', async t => {
  const { alice, bob, machine } = await world(t)
  const offer = await open(alice, bob, { text: 'proposal' })
  await respond(bob, offer, { response: 'accept', text: 'deal' })
  await machine.post(path, { senderId: 'bob', text })
  const all = (await machine.get(path)).json<MessagePageOfUsers>()
  t.same(texts(all), [text, 'deal', 'proposal', 'hello'])
  t.match(all.offers, [{ messageId: offer.messageId, status: 'accepted' }])
  t.strictSame(all, listed((await alice.get('/bob')).json<MessagePage>()), 'it sees what the members see')
  t.same(texts((await machine.get(`${path}?order=asc&limit=2`)).json()), ['hello', 'proposal'])
  t.same(texts((await machine.get(`${path}?beforeSeq=3&afterSeq=1`)).json()), ['proposal'])
  const seen: string[] = []
  for (let token = ''; ;) {
    const page = (await machine.get(`${path}?limit=1${token}`)).json<MessagePageOfUsers>()
    seen.push(...texts(page) as string[])
    if (page.nextPageToken === null) break
    token = `&pageToken=${page.nextPageToken}`
  }
  t.same(seen, texts(all))
  refused(t, await machine.get(`${path}?limit=0`), 'validation_failed')
  refused(t, await machine.get(`${path}?limit=1&pageToken=x.y`), 'invalid_page_token')
})

t.test('every act is in the log with the integration and its key, and what was said isn\'t', async t => {
  const lines: string[] = []
  const log = createLogger({ LOG_LEVEL: 'trace', NODE_ENV: 'production' }, { write: line => { lines.push(line) } })
  const { machine } = await world(t, { log })
  lines.splice(0)
  await machine.post(path, { senderId: 'alice', text })
  await machine.get(path)
  await machine.put('/users/carol', { name: 'Carola' })
  await machine.post(path, { senderId: 'alice', text: '' })
  await machine.get('/trades/00000000-0000-4000-8000-000000000000')
  const requests = lines.map(line => JSON.parse(line)).filter(({ status }) => status !== undefined)
  const by = { integrationId: machine.id, keyId: machine.keyId }
  t.match(requests, [
    { method: 'POST', route: '/api/integrations/conversations/:conversationId/messages', status: 201, ...by },
    { method: 'GET', route: '/api/integrations/conversations/:conversationId/messages', status: 200, ...by },
    { method: 'PUT', route: '/api/integrations/users/:userId', status: 200, ...by },
    { method: 'POST', status: 400, ...by },
    { method: 'GET', status: 403, ...by }
  ])
  t.equal(requests.length, 5)
  t.notMatch(lines.join(''), /alice|bob|carol|meter|Stadtwerke/i)
  t.notOk(lines.join('').includes(machine.key.slice(-43)))
})

t.test('it costs as much as the member\'s own message', async t => {
  const { alice, machine } = await world(t)
  const units = requestUnits(alice.app)
  await machine.post(path, { senderId: 'alice', text })
  t.same(await units(async () => await machine.post(path, { senderId: 'alice', text })), await units(async () => await alice.say('bob', text)))
})

t.test('where neither the integration nor the conversation is remembered, each costs a read', async t => {
  const { app, machine } = await world(t)
  const fresh = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const request = { method: 'POST', url: `/api/integrations${path}`, payload: { senderId: 'alice', text }, headers: { authorization: `Bearer ${machine.key}` } } as const
  await fresh.services.suspensions.until('alice')
  t.strictSame(await databaseCalls(t, fresh)(async () => t.equal((await fresh.inject(request)).statusCode, 201)), ['GetItem', 'GetItem', 'TransactWriteItems'])
})
