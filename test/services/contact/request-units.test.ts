import t from 'tap'
import { acquaint } from '../../support/acquaint.js'
import { databaseCalls } from '../../support/calls.js'
import { testApp, TestUser } from '../../support/helper.js'
import { requestUnits } from '../../support/request-units.js'

t.test('a block costs a text in a running conversation nothing; what it costs itself is bounded', async t => {
  const app = await testApp(t, { env: { FIRST_CONTACT: 'replies' } })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  // That neither is suspended is remembered from then on.
  for (const user of [alice, bob]) await user.say('carol', 'hello')
  const meter = requestUnits(app)
  const cost = async (status: number, request: () => ReturnType<TestUser['get']>) => await meter(async () => {
    const { statusCode, body } = await request()
    t.equal(statusCode, status, body)
  })
  t.strictSame(await cost(201, () => alice.say('bob', 'hello')), { read: 1, write: 10 }, 'a first message, with its check and its count')
  t.strictSame(await cost(201, () => alice.say('bob', 'hello')), { read: 0, write: 4 })
  t.strictSame(await cost(201, () => bob.say('alice', 'hello')), { read: 0, write: 4 })
  t.strictSame(await databaseCalls(t, app)(() => alice.say('bob', 'hello')), ['TransactWriteItems'])

  t.strictSame(await cost(204, () => alice.put('/blocks/bob')), { read: 4, write: 6 })
  t.strictSame(await cost(204, () => alice.put('/blocks/bob')), { read: 4, write: 0 })
  t.strictSame(await cost(403, () => alice.say('bob', 'hello')), { read: 1, write: 0 }, 'the head isn\'t remembered')
  t.strictSame(await cost(403, () => bob.say('alice', 'hello')), { read: 1, write: 0 })
  t.strictSame(await cost(200, () => alice.request({ url: '/api/me/blocks' })), { read: 0.5, write: 0 })
  t.strictSame(await cost(204, () => alice.delete('/blocks/bob')), { read: 4, write: 6 })
  t.strictSame(await cost(204, () => alice.put('/blocks/nobody')), { read: 4, write: 6 })
  t.strictSame(await cost(204, () => alice.put('/mutes/bob', {})), { read: 0, write: 1 })
  t.strictSame(await cost(201, () => alice.say('bob', 'hello')), { read: 0, write: 4 })
})

t.test('a page of blocks doesn\'t cost more than what it shows', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  await alice.get('/trades')
  const { block } = app.entities.direct
  const others = Array.from({ length: 300 }, (_, n) => `user-${String(n).padStart(3, '0')}`)
  for (const otherId of others) await app.entities.direct.write(block.upsert({ userId: 'alice', otherId, blockedAt: 1 }))
  const { read } = await requestUnits(app)(async () => { await alice.request({ url: '/api/me/blocks' }) })
  t.ok(read <= 11, `${read} read units for 20: half of one for each name`)
})

t.test('that it is remembered who has blocked whom saves a read for every typing and every list', async t => {
  const app = await testApp(t)
  await acquaint(app, 'alice', 'bob')
  const { acquaintance } = app.services
  const meter = requestUnits(app)
  const ask = async () => { await acquaintance.among('alice', ['bob']) }
  t.strictSame(await meter(ask), { read: 0.5, write: 0 })
  t.strictSame(await meter(ask), { read: 0, write: 0 })
})
