import t from 'tap'
import { createClient, type ChatError } from '../../client/src/index.js'
import { liveApp, tokenUntil } from '../support/live.js'
import { later } from '../support/trades.js'

t.test('calls are authenticated, their answers and problems typed', async t => {
  const { url, user } = await liveApp(t)
  const ann = createClient({ baseUrl: `${url}/`, token: user('ann').token })
  const path = { userId: 'bob' }
  const { data } = await ann.POST('/api/messages/{userId}', { params: { path }, body: { text: 'hello' } })
  t.match(data, { seq: 1, messageType: 'text', text: 'hello' })

  const { error, response } = await ann.POST('/api/messages/{userId}', { params: { path }, body: { text: '' } })
  const problem: ChatError | undefined = error
  t.match(problem, { code: 'validation_failed', status: 400, retryable: false, title: String, detail: String, requestId: String, errors: [{ path: '/text' }] })
  t.equal(response?.status, 400)
})

t.test('a function is asked once for many calls, and once more when its token is refused', async t => {
  const { url, user } = await liveApp(t)
  let asked = 0
  const token = async () => ++asked === 1 ? tokenUntil('ann', Date.now() - 5000) : user('ann').token
  const [one, other] = [createClient({ baseUrl: url, token }), createClient({ baseUrl: url, token })]
  const answers = await Promise.all(Array.from({ length: 20 }, async (_, n) =>
    await (n % 2 === 0 ? one : other).POST('/api/messages/{userId}', { params: { path: { userId: 'bob' } }, body: { text: String(n) } })))
  t.same(answers.flatMap(({ error }) => error ?? []), [])
  t.equal(new Set(answers.map(({ data }) => data?.seq)).size, 20, 'each was said once')
  t.equal(asked, 2)
})

t.test('a call is repeated once and no more, and not with the same token', async t => {
  const { url } = await liveApp(t)
  const expired = [1, 2, 3].map(n => tokenUntil('ann', Date.now() - n * 1000))
  let asked = 0
  const stubborn = createClient({ baseUrl: url, token: () => expired[asked++]! })
  t.match(await stubborn.GET('/api/messages/users'), { error: { code: 'token_expired', status: 401, retryable: false } })
  t.equal(asked, 2)

  let requests = 0
  const count: typeof fetch = async (...call) => {
    requests++
    return await fetch(...call)
  }
  for (const token of [expired[0]!, () => expired[0]!]) {
    t.match(await createClient({ baseUrl: url, token, fetch: count }).GET('/api/messages/users'), { error: { code: 'token_expired' } })
  }
  t.equal(requests, 2)
})

t.test('without a token nothing is sent', async t => {
  const api = createClient({ baseUrl: 'http://127.0.0.1:1', token: () => { throw new Error('signed out') } })
  t.match(await api.GET('/api/messages/users'), { error: { code: 'token_unavailable', retryable: true, cause: { message: 'signed out' } }, response: undefined })
})

t.test('a retry with the same idempotency key is one message', async t => {
  const { url, user } = await liveApp(t)
  const api = createClient({ baseUrl: url, token: user('ann').token })
  const params = { path: { userId: 'bob' }, header: { 'idempotency-key': crypto.randomUUID() } }
  const send = async () => await api.POST('/api/messages/{userId}', { params, body: { text: 'once' } })
  const [first, second] = [await send(), await send()]
  t.same(second.data, first.data)
  t.equal(second.response?.headers.get('idempotent-replayed'), 'true')
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
  t.match(await respond(), { error: { code: 'trade_closed', status: 409, retryable: false, offer: { status: 'accepted' } } })
  const { data: page } = await bob!.GET('/api/messages/trades', { params: { query: { status: ['accepted', 'rejected'], role: 'receiver' } } })
  t.same(page?.trades.map(trade => trade.messageId), [messageId])
})

t.test('ids of any user stand in a path, and what is left out isn\'t sent', async t => {
  const { url, user } = await liveApp(t)
  const api = createClient({ baseUrl: url, token: user('ann').token })
  const userId = 'auth0|b+o=b@x:1'
  t.match(await api.POST('/api/messages/{userId}', { params: { path: { userId } }, body: { text: '1' } }), { data: { receiverId: userId } })
  t.match(await api.GET('/api/messages/{userId}', { params: { path: { userId }, query: { limit: 1, beforeSeq: undefined } } }), { data: { messages: [{ seq: 1 }] } })
})

t.test('how long to wait is said in milliseconds', async t => {
  const { url, user } = await liveApp(t, { env: { RATE_LIMIT_MAX: '1' } })
  const api = createClient({ baseUrl: url, token: user('ann').token })
  await api.GET('/api/messages/users')
  const { error } = await api.GET('/api/messages/users')
  t.match(error, { code: 'rate_limited', status: 429, retryable: true })
  t.ok(error!.retryAfter! >= 1000 && error!.retryAfter! <= 60_000, String(error!.retryAfter))
})
