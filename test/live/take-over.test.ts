import t from 'tap'
import { TestStream, type TestSocket } from '../support/helper.js'
import { liveApp, tokenUntil, until } from '../support/live.js'

/** The last event of a stream: type and data. */
function last ({ received }: TestStream) {
  const { type, data } = received.at(-1) as { type: string, data: unknown }
  return { type, data }
}

async function takingOver (t: Parameters<typeof liveApp>[0], options: Parameters<typeof liveApp>[1] = {}) {
  const live = await liveApp(t, options)
  const { url, user, browser } = live
  return {
    ...live,
    /** A socket that is connected unless it was refused. */
    socket: async (id: string, takeOver?: boolean) => {
      const socket = await browser()
      socket.send({ type: 'auth', data: { token: user(id).token, takeOver } })
      return socket
    },
    stream: async (id: string, query = '') => await TestStream.open(t, url, { authorization: `Bearer ${user(id).token}` }, query)
  }
}

t.test('with takeOver the eleventh connection takes the place of the oldest, which hears why', async t => {
  const { app, devices, open, socket, user } = await takingOver(t)
  const first = await open('alice')
  const others = await devices('alice', 9)
  const bob = await open('bob')
  const newest = await socket('alice', true)
  await newest.next('connected')
  t.same(await first.closed, { code: 4005, reason: 'taken_over' })
  await user('bob').say('alice', 'hello')
  for (const device of [...others, newest, bob]) await device.next('newMessage')
  t.same(first.received.map(({ type }) => type), ['connected'])
  await until('it is forgotten', () => app.hub.size.connections === 11)
  t.equal(app.hub.tally.closed.get('taken_over'), 1)
  t.equal(app.hub.tally.closed.get('client'), 0)
})

t.test('one after the other gives way, in the order in which they came', async t => {
  const { app, socket } = await takingOver(t, { hubLimits: { connectionsPerUser: 3 } })
  const sockets: TestSocket[] = []
  for (let n = 0; n < 8; n++) {
    const next = await socket('alice', true)
    await next.next('connected')
    sockets.push(next)
    if (n >= 3) t.match(await sockets[n - 3]!.closed, { code: 4005 })
  }
  await until('three are left', () => app.hub.size.connections === 3)
  for (const device of sockets.slice(-3)) await device.settle()
})

t.test('while there is room nobody gives way', async t => {
  const { devices, socket, stream } = await takingOver(t)
  const sockets = await devices('alice', 8)
  await (await socket('alice', true)).next('connected')
  await stream('alice', '?takeOver=true')
  for (const device of sockets) await device.settle()
})

t.test('who doesn\'t say so is refused as ever, and one user\'s connections are no concern of another\'s', async t => {
  const { devices, open, socket } = await takingOver(t, { hubLimits: { connectionsPerUser: 2 } })
  const [alices, bobs] = [await devices('alice', 2), [await open('bob'), await open('bob')]]
  for (const takeOver of [undefined, false]) t.match(await (await socket('alice', takeOver)).closed, { code: 4502 })
  await (await socket('bob', true)).next('connected')
  t.match(await bobs[0]!.closed, { code: 4005 })
  for (const device of [...alices, bobs[1]!]) await device.settle()
})

t.test('a client that has fallen silent makes room at once', async t => {
  const { app, open, socket } = await takingOver(t, { hubLimits: { connectionsPerUser: 1 } })
  const silent = await open('alice')
  silent.socket.pause()
  await (await socket('alice', true)).next('connected')
  t.same(app.hub.size, { connections: 1, users: 1 })
})

t.test('streams take over and give way like sockets: their last event says why', async t => {
  const { app, url, user, open, stream } = await takingOver(t, { hubLimits: { connectionsPerUser: 2 } })
  const [socket, first] = [await open('alice'), await stream('alice')]
  const second = await stream('alice', '?takeOver=true')
  t.match(await socket.closed, { code: 4005 })
  const third = await stream('alice', '?takeOver=true')
  await first.closed
  t.equal(first.failed, undefined)
  t.strictSame(last(first), { type: 'closed', data: { code: 4005, reason: 'taken_over' } })
  const refused = await fetch(`${url}/api/events?takeOver=false`, { headers: { authorization: `Bearer ${user('alice').token}` } })
  t.equal(refused.status, 429)
  t.match(await refused.json(), { code: 'too_many_connections' })
  await user('bob').say('alice', 'hello')
  for (const device of [second, third]) await device.next('newMessage')
  await until('two are left', () => app.hub.size.connections === 2)
})

t.test('of many that take over at the same time as many stay as there is room for', async t => {
  const { app, socket, user } = await takingOver(t, { hubLimits: { connectionsPerUser: 3 } })
  const sockets = await Promise.all(Array.from({ length: 20 }, () => socket('alice', true)))
  await until('the others are gone', () => sockets.filter(({ socket }) => socket.readyState === socket.CLOSED).length === 17)
  await user('bob').say('alice', 'hello')
  const left = sockets.filter(({ socket }) => socket.readyState === socket.OPEN)
  for (const device of left) await device.next('newMessage')
  t.equal(app.hub.tally.closed.get('taken_over'), 17)
})

t.test('takeOver is a boolean, and what else is in the query of a stream is let pass', async t => {
  const { url, user, browser, stream } = await takingOver(t)
  const socket = await browser()
  socket.socket.send(JSON.stringify({ type: 'auth', id: 'a', data: { token: user('alice').token, takeOver: 'yes' } }))
  t.match(await socket.next('error'), { id: 'a', data: { code: 'validation_failed' } })
  const headers = { authorization: `Bearer ${user('alice').token}` }
  for (const value of ['', 'maybe', '2']) t.equal((await fetch(`${url}/api/events?takeOver=${value}`, { headers })).status, 400, value)
  await stream('alice', '?lastEventId=x&_=1')
})

t.test('a stream says why it ends where a socket would get a code, and nothing when it has lasted its time', async t => {
  const { app, url, stream } = await takingOver(t, { env: { SSE_MAX_SECONDS: '5' }, hubLimits: { tick: 20 } })
  const lasting = await stream('alice')
  const expiring = await TestStream.open(t, url, { authorization: `Bearer ${tokenUntil('bob', Date.now() + 1500)}` })
  await expiring.closed
  t.strictSame(last(expiring), { type: 'closed', data: { code: 4001, reason: 'token_expired' } })
  await lasting.closed
  t.notOk(lasting.received.some(({ type }: { type: string }) => type === 'closed'))
  const ending = await stream('alice')
  app.hub.close('server_shutdown')
  await ending.closed
  t.strictSame(last(ending), { type: 'closed', data: { code: 4000, reason: 'server_shutdown' } })
})
