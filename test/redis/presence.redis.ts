import t from 'tap'
import { acquaint } from '../support/acquaint.js'
import { framesOf, sleep } from '../support/live.js'
import { presenceExpiry, presenceInterval } from '../../src/hub/redis-presence.js'
import { eventually, instances, RedisServer } from './instances.js'

const redis = await RedisServer.start(t)

t.test('the first connection anywhere and the last one are told', async t => {
  const { all: [a, b] } = await instances(t, redis)
  await acquaint(a!.app, 'alice', 'bob')
  const alice = await a!.open('alice')
  const isOnline = async () => {
    const { conversations: [{ otherUser }] } = (await a!.user('alice').get('/conversations')).json()
    return otherUser.online as boolean
  }
  t.equal(await isOnline(), false)
  const here = await a!.open('bob')
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: true } })
  const there = await b!.open('bob')
  here.socket.close()
  await here.closed
  await sleep(200)
  t.equal(await isOnline(), true, 'connected to the other instance only')
  t.equal(framesOf(alice, 'presence').length, 1)
  there.socket.terminate()
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: false } })
  t.equal(await isOnline(), false)
})

t.test('the users of an instance that ends orderly are offline at once', async t => {
  const { all: [a, b] } = await instances(t, redis)
  await acquaint(a!.app, 'alice', 'bob')
  const alice = await a!.open('alice')
  await b!.open('bob')
  await alice.next('presence')
  await b!.app.close()
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: false } })
})

t.test('the users of an instance that is cut off are offline after seconds', async t => {
  const { all: [a, b] } = await instances(t, redis, 3)
  await acquaint(a!.app, 'alice', 'bob')
  await b!.open('bob')
  const alice = await a!.open('alice')
  const isOnline = async () => (await a!.user('alice').get('/users')).json().users[0].online as boolean
  t.equal(await isOnline(), true)
  // As if the process had been killed: nothing more comes from it.
  b!.app.redis!.commands.client.disconnect()
  b!.app.redis!.subscriber.client.disconnect()
  t.equal(await isOnline(), true)
  const before = Date.now()
  await eventually('bob is offline', async () => !await isOnline(), presenceExpiry + 2000)
  t.comment(`offline after ${Date.now() - before} ms`)
  t.ok(Date.now() - before <= presenceExpiry + 500)
  // That bob came may have been told to alice as well, who came a moment later.
  let { data } = await alice.next('presence')
  if (data.online === true) ({ data } = await alice.next('presence'))
  t.match(data, { userId: 'bob', online: false }, 'it is told')
  t.ok(Date.parse(data.lastSeenAt!) <= before && Date.parse(data.lastSeenAt!) > before - presenceInterval - 3000, 'when the instance was last heard of')
  const { users } = (await b!.user('bob').get('/users')).json()
  t.match(users, [{ userId: 'alice', online: false }], 'it knows only of its own')
  t.equal((await a!.user('bob').get('/users')).json().users[0].online, true, 'who is connected is renewed')

  await b!.app.redis!.subscriber.client.connect()
  await b!.app.redis!.commands.client.connect()
  t.match(await alice.next('presence'), { data: { userId: 'bob', online: true } }, 'an instance that comes back says so')
  t.equal(framesOf(alice, 'presence').filter(({ data }) => data.online === false).length, 1, 'one of the others told, once')
})
