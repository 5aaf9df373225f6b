import t from 'tap'
import { testApp, TestUser } from '../support/helper.js'
import { refused } from '../support/problem.js'

t.test('a user may make so many requests a minute, and is told how many are left', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '3' } })
  const alice = new TestUser(app, 'alice')
  const requests = [() => alice.get('/conversations'), () => alice.get('/bob'), () => alice.say('bob', 'hello')]
  for (const [n, request] of requests.entries()) {
    const response = await request()
    t.ok(response.statusCode < 300)
    t.equal(response.headers['ratelimit-limit'], '3')
    t.equal(response.headers['ratelimit-remaining'], String(2 - n), 'all routes count together')
    t.match(response.headers['ratelimit-reset'], /^\d+$/)
  }
  for (const request of requests) {
    const response = await request()
    refused(t, response, 'rate_limited')
    t.match(response.headers['retry-after'], /^[1-9]\d?$/)
    t.equal(response.headers['ratelimit-limit'], '3')
    t.equal(response.headers['ratelimit-remaining'], '0')
    t.match(response.headers['ratelimit-reset'], /^[1-9]\d?$/)
  }
  t.equal((await new TestUser(app, 'bob').get('/alice')).json().messages.length, 1, 'what was refused was not sent')
})

t.test('users behind one address don\'t take from each other, nor do several tokens give a user more', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '2' } })
  const first = new TestUser(app, 'alice')
  const second = new TestUser(app, 'alice', { name: 'Alice' })
  t.not(first.token, second.token)
  await first.get('/bob')
  await second.get('/bob')
  refused(t, await first.get('/bob'), 'rate_limited')
  refused(t, await second.get('/bob'), 'rate_limited')
  for (const id of ['bob', 'Alice']) t.equal((await new TestUser(app, id).get('/carol')).statusCode, 200, id)
})

t.test('refused requests count as well', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '2' } })
  const alice = new TestUser(app, 'alice')
  refused(t, await alice.say('bob', ''), 'validation_failed')
  refused(t, await alice.get('/alice'), 'self_conversation')
  refused(t, await alice.get('/bob'), 'rate_limited')
})

t.test('requests without a good token are counted by address', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '2' } })
  const guess = (remoteAddress: string, token?: string) => app.inject({
    url: '/api/messages/conversations', remoteAddress, ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } })
  })
  refused(t, await guess('192.0.2.1'), 'token_missing')
  refused(t, await guess('192.0.2.1', 'guess'), 'token_invalid')
  for (const token of [undefined, 'guess']) {
    const response = await guess('192.0.2.1', token)
    refused(t, response, 'rate_limited')
    t.match(response.headers['retry-after'], /^[1-9]\d?$/)
    t.equal(response.headers['ratelimit-limit'], '2')
    t.equal(response.headers['ratelimit-remaining'], '0')
    t.match(response.headers['ratelimit-reset'], /^[1-9]\d?$/)
  }
  refused(t, await guess('192.0.2.2'), 'token_missing', 'another address')
  const alice = new TestUser(app, 'alice')
  const response = await alice.request({ url: '/api/messages/conversations', remoteAddress: '192.0.2.1' })
  t.equal(response.statusCode, 200, 'who has a good token isn\'t affected')
})

t.test('what a user asks for by other ways than requests takes from the same limit', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '3' } })
  const alice = new TestUser(app, 'alice')
  t.equal((await alice.get('/bob')).headers['ratelimit-remaining'], '2')
  t.match(await app.countUser('alice'), { isAllowed: true, headers: { 'ratelimit-remaining': '1' } })
  t.equal((await alice.get('/bob')).headers['ratelimit-remaining'], '0')
  const { isAllowed, headers } = await app.countUser('alice')
  t.equal(isAllowed, false)
  t.match(headers['retry-after'], /^[1-9]\d?$/)
  refused(t, await alice.get('/bob'), 'rate_limited')
  t.equal((await app.countUser('bob')).isAllowed, true)
})

t.test('the addresses of an IPv6 network count as one', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '1' } })
  const from = (remoteAddress: string) => app.inject({ url: '/api/messages/bob', remoteAddress })
  refused(t, await from('2001:db8:0:1::1'), 'token_missing')
  refused(t, await from('2001:db8:0:1:ffff::2'), 'rate_limited')
  refused(t, await from('2001:db8:0:2::1'), 'token_missing')
})

t.test('a proxy\'s word about the address counts only where the proxy is trusted', async t => {
  for (const [trusted, expected] of [[undefined, 'rate_limited'], ['127.0.0.1', 'token_missing'], ['10.0.0.1', 'rate_limited']] as const) {
    const app = await testApp(t, { env: { RATE_LIMIT_MAX: '1', ...(trusted && { TRUST_PROXY: trusted }) } })
    const from = (address: string) => app.inject({ url: '/api/messages/bob', headers: { 'x-forwarded-for': address } })
    refused(t, await from('192.0.2.1'), 'token_missing')
    refused(t, await from('192.0.2.2'), expected, `trusted: ${trusted}`)
    refused(t, await from('192.0.2.1'), 'rate_limited')
  }
})

t.test('what operators ask is not limited', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '1' } })
  for (const url of ['/health', '/ready', '/openapi.json', '/health', '/ready', '/openapi.json']) {
    t.equal((await app.inject(url)).statusCode, 200)
  }
})

t.test('a limit of 0 turns it off', async t => {
  const app = await testApp(t, { env: { RATE_LIMIT_MAX: '0' } })
  const alice = new TestUser(app, 'alice')
  for (let n = 0; n < 20; n++) {
    const response = await alice.get('/bob')
    t.equal(response.statusCode, 200)
    t.notOk(response.headers['ratelimit-limit'])
    refused(t, await app.inject('/api/messages/bob'), 'token_missing')
  }
})
