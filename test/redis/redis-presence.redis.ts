import t, { type Test } from 'tap'
import { presenceExpiry, RedisPresence } from '../../src/hub/redis-presence.js'
import { RedisServer } from './instances.js'

const redis = await RedisServer.start(t)
let prefixes = 0

/** Two instances that share one Redis, at a time that can be moved. */
function pair (t: Test) {
  const client = redis.client(t)
  const prefix = `test-${++prefixes}`
  const { now } = Date
  let ahead = 0
  Date.now = () => now() + ahead
  t.teardown(() => { Date.now = now })
  return {
    client,
    prefix,
    a: new RedisPresence(client, prefix, 'a'),
    b: new RedisPresence(client, prefix, 'b'),
    pass: (ms: number) => { ahead += ms }
  }
}

t.test('the first instance that a user enters and the last one left are known', async t => {
  const { a, b } = pair(t)
  t.equal(await a.enter('alice'), true)
  t.equal(await a.enter('alice'), true, 'again on the same one')
  t.equal(await b.enter('alice'), false)
  t.equal(await b.enter('Alice'), true, 'ids are case-sensitive')
  t.equal(await a.leave('alice'), false)
  t.strictSame(await a.online(['alice', 'Alice', 'bob']), new Set(['alice', 'Alice']))
  t.equal(await b.leave('alice'), true)
  t.equal(await b.leave('alice'), true, 'who isn\'t there has left')
  t.strictSame(await b.online(['alice', 'Alice']), new Set(['Alice']))
  t.strictSame(await a.online([]), new Set())
})

t.test('users of an instance that isn\'t renewed cease to be online, others don\'t', async t => {
  const { a, b, pass } = pair(t)
  for (const id of ['alice', 'bob']) await a.enter(id)
  for (const id of ['bob', 'carol']) await b.enter(id)
  pass(presenceExpiry - 1000)
  t.equal((await a.online(['alice', 'bob', 'carol'])).size, 3)
  t.equal(await b.renew(['bob', 'carol']), false)
  pass(2000)
  t.strictSame(await b.online(['alice', 'bob', 'carol']), new Set(['bob', 'carol']))
  t.equal(await b.enter('alice'), true, 'who was only there begins anew')
  t.equal(await b.leave('bob'), true)
})

t.test('the users of an instance that was given up go to one of those who ask, and it learns of it', async t => {
  const { a, b, pass } = pair(t)
  for (const id of ['alice', 'bob']) await a.enter(id)
  const renewedAt = Date.now()
  await a.renew(['alice', 'bob'])
  await b.renew([])
  t.strictSame(await b.takeAbandoned(), [], 'nobody yet')
  pass(presenceExpiry - 1000)
  await b.renew([])
  pass(2000)
  const taken = (await Promise.all([b.takeAbandoned(), b.takeAbandoned()])).flat()
  t.equal(taken.length, 1, 'once')
  t.same(taken[0]!.userIds.sort(), ['alice', 'bob'])
  t.ok(Math.abs(taken[0]!.at - renewedAt) < 1000, 'when it was last heard of')
  t.equal(await a.renew(['alice', 'bob']), true, 'it was given up')
  t.equal(await a.renew(['alice', 'bob']), false, 'and is there again')
  t.strictSame(await b.online(['alice', 'bob']), new Set(['alice', 'bob']))
  pass(presenceExpiry + 1000)
  const again = await b.takeAbandoned()
  t.same(again.flatMap(({ userIds }) => userIds).sort(), ['alice', 'bob'], 'who was renewed belongs to it again')
})

t.test('thousands of users are renewed, those who left before are not', async t => {
  const { a, b, client, prefix, pass } = pair(t)
  const ids = Array.from({ length: 1234 }, (_, n) => `user-${n}`)
  await a.enter('gone')
  await a.leave('gone')
  await a.renew(ids)
  t.equal((await b.online(ids)).size, ids.length)
  pass(presenceExpiry + 1000)
  const taken = await b.takeAbandoned()
  t.same(taken.flatMap(({ userIds }) => userIds).sort(), [...ids].sort())
  t.strictSame(await client.exists(`${prefix}:users:a`), 0)
})

t.test('everything it writes expires', async t => {
  const { a, b, client, prefix, pass } = pair(t)
  await a.enter('alice')
  await a.renew(['alice'])
  pass(presenceExpiry + 1000)
  await b.renew(['bob'])
  await b.takeAbandoned()
  const keys = await client.keys(`${prefix}:*`)
  t.ok(keys.length >= 4)
  for (const key of keys) t.ok(await client.pttl(key) > 0, key)
})

t.test('what Redis refuses is thrown', async t => {
  const { a, client, prefix } = pair(t)
  await client.set(`${prefix}:online:alice`, 'not a sorted set')
  await t.rejects(a.enter('alice'), /WRONGTYPE/)
  await t.rejects(a.online(['bob', 'alice']), /WRONGTYPE/)
  await t.rejects(a.renew(['alice']), /WRONGTYPE/)
})
