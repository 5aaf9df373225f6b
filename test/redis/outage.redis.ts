import t from 'tap'
import { pino } from 'pino'
import type { TestSocket } from '../support/helper.js'
import { framesOf, sleep, until } from '../support/live.js'
import { eventually, instances, RedisServer } from './instances.js'

t.test('Redis goes away and comes back amid traffic: no request fails, everything comes once and in order', async t => {
  const redis = await RedisServer.start(t)
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: line => { lines.push(line) } })
  const { all: [a, b] } = await instances(t, redis, 2, { log, env: { RATE_LIMIT_MAX: '100000' } })
  const pairs = Array.from({ length: 5 }, (_, n) => [`x${n}`, `y${n}`] as const)
  // Conversations that are known to no connection when the outage begins.
  for (const [x, y] of pairs) await a!.user(x).say(y, 'before')
  await sleep(10_500)
  const devices: TestSocket[] = await Promise.all(pairs.flatMap(([x, y]) => [a!.open(x), b!.open(x), a!.open(y), b!.open(y)]))
  t.strictSame(await a!.ready(), { status: 'ok', redis: 'ok', clock: 'ok' })

  const run = { on: true }
  let slowest = 0
  const sent = new Map<string, number>()
  const traffic = pairs.flatMap(([x, y]) => [[x, y, a], [y, x, b]] as const).map(async ([from, to, side], n) => {
    // Some conversations begin only during the outage.
    await sleep(n * 500)
    while (run.on) {
      const before = Date.now()
      const response = await side!.user(from).say(to, `${Date.now()}`)
      slowest = Math.max(slowest, Date.now() - before)
      if (response.statusCode !== 201) t.fail(`${response.statusCode} ${response.body}`)
      const key = [from, to].sort().join()
      sent.set(key, Math.max(sent.get(key) ?? 0, response.json().seq))
      await sleep(100)
    }
  })
  await sleep(1000)
  await redis.stop()
  await eventually('it is told', async () => (await a!.ready()).status === 'degraded' && (await b!.ready()).status === 'degraded')
  t.strictSame(await b!.ready(), { status: 'degraded', redis: 'away', clock: 'ok' })
  await sleep(7000)
  await redis.start()
  await eventually('it is told', async () => (await a!.ready()).status === 'ok' && (await b!.ready()).status === 'ok')
  await sleep(1000)
  run.on = false
  await Promise.all(traffic)
  t.comment(`slowest request ${slowest} ms, ${[...sent.values()].reduce((sum, n) => sum + n)} messages`)
  // A command waits for 300 ms at most; the rest is a busy machine's.
  t.ok(slowest < 2500, 'no request waits for long')

  for (const [n, device] of devices.entries()) {
    const last = sent.get(pairs[Math.floor(n / 4)]!.join())!
    await until('everything has come', () => framesOf(device, 'newMessage').some(frame => frame.data.seq === last)).catch(() => {})
    t.strictSame(framesOf(device, 'newMessage').map(frame => frame.data.seq), Array.from({ length: last - 1 }, (_, n) => n + 2), `device ${n}`)
    t.equal(device.socket.readyState, device.socket.OPEN)
  }
  const told = lines.filter(line => line.includes('Redis is away'))
  // A starved machine may lose a connection once more by itself.
  t.ok(told.length >= 4 && told.length <= 8, 'once an outage for each connection, not once a request', { told })
})

t.test('Redis that answers no more holds up a request for a moment only, and the end not at all', async t => {
  const redis = await RedisServer.start(t)
  const { all: [a, b] } = await instances(t, redis, 2, { env: { RATE_LIMIT_MAX: '100000' } })
  const [alice, bob] = [await a!.open('alice'), await b!.open('bob')]
  redis.freeze()
  t.teardown(() => redis.thaw())
  const times = []
  for (let n = 0; n < 20; n++) {
    const before = Date.now()
    t.equal((await a!.user('alice').say('bob', `${n}`)).statusCode, 201)
    times.push(Date.now() - before)
    await sleep(100)
  }
  t.comment(`in ms: ${times.join(' ')}`)
  t.ok(Math.max(...times) < 2000, 'none waits for long')
  t.ok(times.slice(10).sort((a, b) => a - b)[5]! < 250, 'after a while they don\'t wait for the time-out of a command')
  t.equal(framesOf(alice, 'newMessage').length, 20, 'delivered here')
  redis.thaw()
  await until('everything has come', () => framesOf(bob, 'newMessage').length === 20, 15_000)
  t.strictSame(framesOf(bob, 'newMessage').map(frame => frame.data.seq), Array.from({ length: 20 }, (_, n) => n + 1))
  await eventually('it is told', async () => (await a!.ready()).status === 'ok' && (await b!.ready()).status === 'ok')
  redis.freeze()
  await a!.open('carol')
  const before = Date.now()
  await Promise.all([a!.app.close(), b!.app.close()])
  t.comment(`closed in ${Date.now() - before} ms`)
  t.ok(Date.now() - before < 2500)
})

t.test('what one instance alone could not tell is caught up with on the others', async t => {
  const redis = await RedisServer.start(t)
  const { all: [a, b] } = await instances(t, redis)
  const bob = await b!.open('bob')
  await a!.user('alice').say('bob', '1')
  t.match(await bob.next('newMessage'), { data: { seq: 1 } })
  a!.app.redis!.commands.client.disconnect(true)
  await a!.user('alice').say('bob', '2')
  await b!.user('bob').say('alice', '3')
  for (const seq of [2, 3]) t.match(await bob.next('newMessage'), { data: { seq } })
  a!.app.redis!.commands.client.disconnect(true)
  await a!.user('alice').say('bob', '4')
  t.match(await bob.next('newMessage'), { data: { seq: 4 } }, 'without anything else happening')
  t.equal(framesOf(bob, 'newMessage').length, 4)
})

t.test('what one instance alone could not tell reaches those who have reconnected meanwhile', async t => {
  const redis = await RedisServer.start(t)
  const { all: [a, b] } = await instances(t, redis)
  await a!.user('alice').say('bob', '1')
  // The conversation has been quiet for so long that no cursor names it.
  await sleep(10_500)
  const before = await b!.open('bob')
  a!.app.redis!.commands.client.disconnect()
  await a!.user('alice').say('bob', '2')
  await sleep(11_000)
  await b!.user('carol').say('bob', 'from somebody else')
  const { cursor } = await before.next('newMessage')
  before.socket.close()
  const bob = await b!.open('bob')
  bob.send({ type: 'resume', data: { since: cursor! } })
  t.match(await bob.next('resumed'), { data: { replayed: 0 } })
  await a!.app.redis!.commands.client.connect()
  t.match(await bob.next('newMessage'), { data: { text: '2', seq: 2 } })
})

t.test('a server starts without Redis and uses it when it comes', async t => {
  const redis = await RedisServer.start(t)
  await redis.stop()
  const { all: [a, b] } = await instances(t, redis)
  t.match(await a!.ready(), { status: 'degraded' })
  const bob = await b!.open('bob')
  await a!.user('alice').say('bob', 'early')
  await redis.start()
  t.match(await bob.next('newMessage'), { data: { text: 'early', seq: 1 } })
  await eventually('it is told', async () => (await a!.ready()).status === 'ok')
  await redis.stop()
  const before = Date.now()
  await Promise.all([a!.app.close(), b!.app.close()])
  t.ok(Date.now() - before < 1000, `closed in ${Date.now() - before} ms`)
})
