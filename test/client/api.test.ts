import t from 'tap'
import { createClient, type Problem } from '../../client/src/index.js'
import { liveApp } from '../support/live.js'
import { later } from '../support/trades.js'

t.test('calls are authenticated, their answers and problems typed', async t => {
  const { url, user } = await liveApp(t)
  const ann = createClient({ baseUrl: `${url}/`, token: user('ann').token })
  const path = { userId: 'bob' }
  const { data } = await ann.POST('/api/messages/{userId}', { params: { path }, body: { text: 'hello' } })
  t.match(data, { seq: 1, messageType: 'text', text: 'hello' })

  const { error, response } = await ann.POST('/api/messages/{userId}', { params: { path }, body: { text: '' } })
  const problem: Problem | undefined = error
  t.match(problem, { code: 'validation_failed', status: 400 })
  t.equal(response.status, 400)
})

t.test('the token of a function is asked for with every request', async t => {
  const { url, user } = await liveApp(t)
  const tokens = [user('ann').token, 'no token', user('bob').token]
  const api = createClient({ baseUrl: url, token: async () => tokens.shift()! })
  const path = { userId: 'cy' }
  t.match(await api.POST('/api/messages/{userId}', { params: { path }, body: { text: '1' } }), { data: { senderId: 'ann' } })
  t.match(await api.POST('/api/messages/{userId}', { params: { path }, body: { text: '2' } }), { error: { code: 'token_invalid' } })
  t.match(await api.POST('/api/messages/{userId}', { params: { path }, body: { text: '3' } }), { data: { senderId: 'bob' } })
})

t.test('a retry with the same idempotency key is one message', async t => {
  const { url, user } = await liveApp(t)
  const api = createClient({ baseUrl: url, token: user('ann').token })
  const params = { path: { userId: 'bob' }, header: { 'idempotency-key': crypto.randomUUID() } }
  const send = async () => await api.POST('/api/messages/{userId}', { params, body: { text: 'once' } })
  const [first, second] = [await send(), await send()]
  t.same(second.data, first.data)
  t.equal(second.response.headers.get('idempotent-replayed'), 'true')
})

t.test('what is listed and moved has the types of the schemas', async t => {
  const { url, user } = await liveApp(t)
  const [ann, bob] = ['ann', 'bob'].map(id => createClient({ baseUrl: url, token: user(id).token }))
  const { data: sent } = await ann!.POST('/api/messages/{userId}', {
    params: { path: { userId: 'bob' } },
    body: { messageType: 'tradeOffer', pricePerUnit: 0.27, totalAmount: 12.5, startTime: later(60_000) }
  })
  const { messageId } = sent!
  const respond = async () => await bob!.POST('/api/messages/trades/{messageId}/respond', { params: { path: { messageId } }, body: { response: 'accept' } })
  t.match(await respond(), { data: { status: 'accepted', currentProposal: { totalPrice: '3.375' } } })
  t.match(await respond(), { error: { code: 'trade_closed', offer: { status: 'accepted' } } })
  const { data: page } = await bob!.GET('/api/messages/trades', { params: { query: { status: ['accepted', 'rejected'], role: 'receiver' } } })
  t.same(page?.trades.map(trade => trade.messageId), [messageId])
})
