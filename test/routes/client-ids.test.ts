import { createHash } from 'node:crypto'
import t from 'tap'
import type { Conversation } from '../../schemas/conversation.js'
import type { Message, MessagePage } from '../../schemas/message.js'
import type { MissedPage } from '../../schemas/sync.js'
import { testApp, TestUser } from '../support/helper.js'
import { TestIntegration } from '../support/integrations.js'
import { until } from '../support/live.js'
import { refused } from '../support/problem.js'
import { open, openBriefly, opening, read, respond } from '../support/trades.js'
import { sendingApp, subscribe, told } from '../support/webhooks.js'

const alicesPages = async (user: TestUser, since: string) => [
  ...(await user.get('/bob?order=asc')).json<MessagePage>().messages, ...(await user.get(`/sync?limit=100&since=${since}`)).json<MissedPage>().messages
]
const cursorOf = async (user: TestUser) => (await user.get('/sync')).json<MissedPage>().cursor

async function twoUsers (t: Parameters<typeof testApp>[0]) {
  const app = await testApp(t)
  return { app, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob') }
}

t.test('the sender sees the name that the client gave a message, in the answer and wherever it is read; nobody else does', async t => {
  const { alice, bob } = await twoUsers(t)
  const since = { alice: await cursorOf(alice), bob: await cursorOf(bob) }
  const sent = await alice.post('/bob', { text: 'hello', clientId: 'my-first' })
  t.equal(sent.statusCode, 201)
  t.equal(sent.json<Message>().clientId, 'my-first')
  const unnamed = (await alice.say('bob', 'hello again')).json<Message>()
  t.notOk('clientId' in unnamed)
  t.strictSame((await alicesPages(alice, since.alice)).map(({ clientId }) => clientId), ['my-first', undefined, 'my-first', undefined])
  for (const path of ['/alice', `/sync?since=${since.bob}`, '/conversations', '/conversations/alice']) {
    const { statusCode, body } = await bob.get(path)
    t.equal(statusCode, 200)
    t.ok(body.includes('hello'), path)
    t.notOk(/clientId|my-first/.test(body), path)
  }
  const { lastMessage } = (await alice.get('/conversations/bob')).json<Conversation>()
  t.notOk('clientId' in lastMessage)
})

t.test('so it is with offers and every move in a negotiation, whose answer bears it beside the offer', async t => {
  const { alice, bob } = await twoUsers(t)
  const since = { alice: await cursorOf(alice), bob: await cursorOf(bob) }
  const first = await alice.post('/bob', opening({ clientId: 'a-offer' }))
  t.equal(first.json<Message>().clientId, 'a-offer')
  const offer = first.json<{ tradeOffer: { messageId: string } }>().tradeOffer
  const moves = [
    [bob, { response: 'counter', revision: 1, pricePerUnit: 0.2, clientId: 'b-counter' }],
    [alice, { response: 'counter', revision: 2, pricePerUnit: 0.21, clientId: 'a-counter' }],
    [bob, { response: 'reject', revision: 3, text: 'no', clientId: 'b-reject' }]
  ] as const
  for (const [user, body] of moves) t.match((await respond(user, offer, body)).json(), { clientId: body.clientId, negotiationHistory: [{}] })
  const second = await open(alice, bob)
  t.match((await respond(alice, second, { response: 'withdraw', clientId: 'a-withdraw' })).json(), { clientId: 'a-withdraw', status: 'withdrawn' })
  const third = await open(alice, bob)
  t.match((await respond(bob, third, { response: 'accept', clientId: 'b-accept' })).json(), { clientId: 'b-accept', status: 'accepted' })
  const late = await respond(alice, third, { response: 'withdraw', clientId: 'a-late' })
  t.equal(late.statusCode, 409)
  t.notOk(late.body.includes('clientId'))
  t.strictSame(
    (await alicesPages(alice, since.alice)).flatMap(({ clientId }) => clientId ?? []),
    ['a-offer', 'a-counter', 'a-withdraw', 'a-offer', 'a-counter', 'a-withdraw']
  )
  t.strictSame((await bob.get('/alice?order=asc')).json<MessagePage>().messages.flatMap(({ clientId }) => clientId ?? []), ['b-counter', 'b-reject', 'b-accept'])
  for (const user of [alice, bob]) t.notOk(JSON.stringify(await read(user, offer)).includes('clientId'))
})

t.test('a move that time makes has none', async t => {
  const { alice, bob } = await twoUsers(t)
  const offer = await openBriefly(alice, bob)
  await respond(alice, offer, { response: 'accept', clientId: 'a-1' })
  const expiresAt = Date.parse(offer.currentProposal.expiresAt)
  await until('it has run out', () => Date.now() > expiresAt)
  await alice.app.services.recordExpiry(offer.messageId)
  const [last] = (await alice.get('/bob')).json<MessagePage>().messages
  t.match(last, { tradeResponse: { action: 'expire' } })
  t.notOk('clientId' in last!)
})

t.test('a name is 1 to 64 visible ASCII characters', async t => {
  const { alice, bob } = await twoUsers(t)
  const offer = await open(alice, bob)
  for (const clientId of ['', 'a b', 'ä', 'x'.repeat(65), '\n', 5, null, {}, ['a']]) {
    refused(t, await alice.post('/bob', { text: 'x', clientId }), 'validation_failed', String(clientId))
    refused(t, await alice.post('/bob', opening({ clientId })), 'validation_failed', String(clientId))
    for (const body of [{ response: 'accept' }, { response: 'reject' }, { response: 'withdraw' }, { response: 'counter', pricePerUnit: 0.2 }]) {
      refused(t, await respond(bob, offer, { ...body, clientId }), 'validation_failed', String(clientId))
    }
  }
  for (const clientId of ['!', '~', '"\\', '{"a":1}', 'x'.repeat(64)]) {
    t.equal((await alice.post('/bob', { text: 'x', clientId })).json<Message>().clientId, clientId)
  }
})

t.test('a retry with an Idempotency-Key repeats it, and one that names another message is refused', async t => {
  const { alice, bob } = await twoUsers(t)
  const offer = await open(alice, bob)
  const cases = [
    [alice, '/bob', { text: 'x' }], [alice, '/bob', opening()], [bob, `/trades/${offer.messageId}/respond`, { response: 'counter', pricePerUnit: 0.2 }]
  ] as const
  for (const [n, [user, path, body]] of cases.entries()) {
    const key = { 'idempotency-key': `key-${n}` }
    const first = await user.post(path, { ...body, clientId: 'mine' }, key)
    const again = await user.post(path, { ...body, clientId: 'mine' }, key)
    t.equal(again.headers['idempotent-replayed'], 'true')
    t.strictSame(again.json(), first.json())
    t.equal(again.json<Message>().clientId, 'mine')
    for (const other of [{ ...body, clientId: 'other' }, body]) refused(t, await user.post(path, other, key), 'idempotency_key_reused')
  }
})

t.test('what is sent without one is bound to its key as it was before there were any', async t => {
  const { app, alice } = await twoUsers(t)
  await alice.say('bob', 'x', { 'idempotency-key': 'key' })
  const { data } = await app.entities.entities.idempotencyKey.get({ userId: 'alice', key: 'key' }).go()
  t.equal(data?.fingerprint, createHash('sha256').update(JSON.stringify(['alice~bob', 'alice', 'text', 'x'])).digest('base64url'))
})

t.test('what an integration writes counts as its user\'s: the answer and the user show it, the integration\'s pages don\'t', async t => {
  const { app, alice, bob } = await twoUsers(t)
  await alice.say('bob', 'hello')
  const integration = await TestIntegration.make(app, ['messages'])
  const path = '/conversations/alice~bob/messages'
  const body = { senderId: 'alice', text: 'x', clientId: 'i-1' }
  t.equal((await integration.post(path, body)).json<Message>().clientId, 'i-1')
  refused(t, await integration.post(path, { ...body, clientId: 'a b' }), 'validation_failed')
  t.match((await alice.get('/bob')).json(), { messages: [{ via: 'Stadtwerke', clientId: 'i-1' }] })
  for (const { statusCode, body } of [await bob.get('/alice'), await integration.get(path)]) {
    t.equal(statusCode, 200)
    t.notOk(body.includes('clientId'))
  }
})

t.test('no webhook tells of it', async t => {
  const { integration, alice, bob, receiver } = await sendingApp(t)
  await subscribe(integration, receiver.url)
  await alice.post('/bob', { text: 'hello', clientId: 'a-1' })
  const offer = (await alice.post('/bob', opening({ clientId: 'a-2' }))).json<{ messageId: string }>()
  await respond(bob, offer, { response: 'accept', clientId: 'b-1' })
  await until('all three came', () => told(receiver.received).length >= 3)
  t.notOk(/clientId|[ab]-[12]\b/.test(JSON.stringify(receiver.received.map(({ event }) => event))))
})
