import t from 'tap'
import type { Message } from '../../../schemas/message.js'
import { encodeEvent } from '../../../src/wire/encoded-event.js'
import { acquaint } from '../../support/acquaint.js'
import { intercept } from '../../support/faults.js'
import { testApp, TestUser } from '../../support/helper.js'
import { passTime } from '../../support/pass-time.js'
import { requestUnits } from '../../support/request-units.js'

t.test('20 users cost at most 22.5 read units, and half of it once it is remembered who is acquainted', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  await alice.get('/users')
  const ids = Array.from({ length: 20 }, (_, n) => `user-${n}`)
  for (const id of ids) await new TestUser(app, id).say('alice', 'hello')
  // As an instance that has just started.
  const fresh = new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'alice')
  await fresh.get('/trades')
  const units = requestUnits(fresh.app)
  const first = await units(() => fresh.get('/users?q=user'))
  t.ok(first.read > 15 && first.read <= 22.5, `${first.read} read units`)
  const second = await units(() => fresh.get('/users?q=user'))
  t.ok(second.read <= 12, `${second.read} read units`)
  t.equal(first.write + second.write, 0)
})

t.test('a page of conversations tells who is acquainted, so that only blocks are read', async t => {
  const app = await testApp(t)
  await acquaint(app, 'alice', 'bob')
  const fresh = new TestUser(await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } }), 'alice')
  await fresh.get('/conversations')
  const { acquaintance } = fresh.app.services
  const units = await requestUnits(fresh.app)(async () => {
    t.strictSame(await acquaintance.among('alice', ['bob']), new Set(['bob']))
  })
  t.same(units, { read: 0.5, write: 0 })
})

t.test('who became acquainted on another instance is known after seconds', async t => {
  const app = await testApp(t)
  const there = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  await new TestUser(app, 'alice').say('bob', 'hello')
  const known = async () => (await app.services.acquaintance.among('alice', ['bob'])).has('bob')
  t.equal(await known(), false)
  await new TestUser(there, 'bob').say('alice', 'hello')
  const end = Date.now() + 30_000
  while (!await known()) {
    if (Date.now() > end) return t.fail('it never was')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
})

t.test('who has answered on another instance is no stranger any more when the answer comes, also where one was asked about meanwhile', async t => {
  const app = await testApp(t)
  const there = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const pass = passTime(t)
  const known = async (otherId: string) => (await app.services.acquaintance.among('alice', [otherId])).has(otherId)
  for (const [otherId, asksMeanwhile] of [['bob', false], ['carol', true]] as const) {
    await new TestUser(app, 'alice').say(otherId, 'hello')
    t.equal(await known(otherId), false)
    const answer = (await new TestUser(there, otherId).say('alice', 'hello')).json<Message>()
    const event = encodeEvent({ type: 'newMessage', data: answer })
    if (asksMeanwhile) {
      // What was true before the answer arrives after it.
      const held = intercept(t, app, 'BatchGetItem', async attempt => {
        const before = await attempt()
        app.hub.deliver('alice', event)
        return { ...before, Responses: { [app.config.TABLE_NAME]: [] } }
      })
      pass(3000)
      t.equal(await known(otherId), false)
      held.remove()
    } else app.hub.deliver('alice', event)
    t.equal(await known(otherId), true)
  }
})

t.test('many others are asked about in one call', async t => {
  const app = await testApp(t)
  const ids = Array.from({ length: 150 }, (_, n) => `user-${n}`)
  const alice = new TestUser(app, 'alice')
  for (const id of ['user-3', 'user-149']) {
    await alice.say(id, 'hello')
    await new TestUser(app, id).say('alice', 'hello')
  }
  await alice.say('user-4', 'hello')
  const fresh = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  for (let n = 0; n < 2; n++) {
    t.strictSame(await fresh.services.acquaintance.among('alice', ids), new Set(['user-3', 'user-149']))
  }
  t.strictSame(await fresh.services.acquaintance.among('alice', []), new Set())
})
