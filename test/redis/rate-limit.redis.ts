import t from 'tap'
import { TestIntegration } from '../support/integrations.js'
import { refused } from '../support/problem.js'
import { instances, RedisServer } from './instances.js'

const redis = await RedisServer.start(t)

t.test('instances count a user\'s requests together', async t => {
  const { all: [a, b] } = await instances(t, redis, 2, { env: { RATE_LIMIT_MAX: '4' } })
  for (let n = 0; n < 2; n++) {
    for (const side of [a, b]) t.equal((await side!.user('alice').get('/bob')).statusCode, 200)
  }
  for (const side of [a, b]) refused(t, await side!.user('alice').get('/bob'), 'rate_limited')
  t.equal((await b!.user('bob').get('/alice')).statusCode, 200)
})

t.test('and guesses by address', async t => {
  const { all: [a, b] } = await instances(t, redis, 2, { env: { RATE_LIMIT_MAX: '2' } })
  for (const side of [a, b]) refused(t, await side!.app.inject('/api/messages/bob'), 'token_missing')
  for (const side of [a, b]) refused(t, await side!.app.inject('/api/messages/bob'), 'rate_limited')
})

t.test('and an integration\'s requests, where users\' aren\'t counted as well', async t => {
  const { all: [a, b] } = await instances(t, redis, 2, { env: { RATE_LIMIT_MAX: '0', INTEGRATION_RATE_LIMIT_MAX: '4' } })
  const { key } = await TestIntegration.make(a!.app, [])
  const ask = async (side: typeof a) => await side!.app.inject({ url: '/api/integrations/me', headers: { authorization: `Bearer ${key}` } })
  for (const remaining of ['3', '2', '1', '0']) t.equal((await ask(remaining === '2' ? b : a)).headers['ratelimit-remaining'], remaining)
  for (const side of [a, b]) refused(t, await ask(side), 'rate_limited')
  t.equal((await a!.user('alice').get('/bob')).headers['ratelimit-limit'], undefined)
})

t.test('without Redis nobody is refused, nor kept waiting', async t => {
  const own = await RedisServer.start(t)
  const { all: [a] } = await instances(t, own, 1, { env: { RATE_LIMIT_MAX: '2' } })
  await own.stop()
  for (let n = 0; n < 10; n++) {
    const before = Date.now()
    t.equal((await a!.user('alice').get('/bob')).statusCode, 200)
    t.ok(Date.now() - before < 400, `${Date.now() - before} ms`)
  }
})
