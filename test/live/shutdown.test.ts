import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import t from 'tap'
import { acquaint } from '../support/acquaint.js'
import { testApp, TestSocket, TestUser } from '../support/helper.js'
import { liveApp, rawFrame, rawSocket, sleep, until, upgrade, upgradeHeaders, upgradeRequest } from '../support/live.js'

t.test('closing tells every connection to reconnect and waits for nobody who answers', async t => {
  const { app, browser, devices } = await liveApp(t)
  const sockets = [...await devices('alice', 3), ...await devices('bob', 2), await browser()]
  const started = performance.now()
  await app.close()
  t.ok(performance.now() - started < 1900, 'none had to be cut')
  for (const socket of sockets) t.same(await socket.closed, { code: 4000, reason: 'server_shutdown' })
  t.same(app.hub.size, { connections: 0, users: 0 })
  t.equal(app.typing.size, 0)
})

t.test('closing keeps when the users were last seen', async t => {
  const { app, open } = await liveApp(t)
  await acquaint(app, 'alice', 'bob', 'carol')
  for (const id of ['bob', 'carol']) await open(id)
  await sleep(20)
  const before = Date.now()
  await app.close()
  const next = await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME } })
  const { users } = (await new TestUser(next, 'alice').get('/users')).json()
  t.equal(users.length, 2)
  for (const { userId, lastSeenAt } of users) t.ok(Date.parse(lastSeenAt) >= before, `${userId} was seen until the end`)
})

t.test('closing cuts who doesn\'t answer', async t => {
  const { app, url, open, user } = await liveApp(t)
  const paused = await open('alice')
  paused.socket.pause()
  const { socket, text } = await rawSocket(t, url)
  socket.write(upgradeRequest({ authorization: `Bearer ${user('bob').token}` }))
  await until('bob is connected', () => text().includes('connected'))
  await app.close()
  t.same(app.hub.size, { connections: 0, users: 0 })
})

t.test('an upgrade that is under way when the server closes is refused', async t => {
  const { app, url, user } = await liveApp(t)
  const { users } = app.services
  let admit = () => {}
  const touching = new Promise<void>(resolve => {
    users.touch = async () => {
      resolve()
      await new Promise<void>(resolve => { admit = resolve })
    }
  })
  const answer = upgrade(url, { authorization: `Bearer ${user('alice').token}` })
  await touching
  const closed = app.close()
  await until('the hub is closed', () => app.hub.isClosed)
  admit()
  const { status, headers, body } = await answer
  t.equal(status, 503)
  t.ok(Number(headers['retry-after']) > 0)
  t.match(JSON.parse(body), { code: 'shutting_down' })
  await closed
})

t.test('an upgrade while the server closes is refused with 503', async t => {
  const { app, url, open } = await liveApp(t)
  const lingering = await open('alice')
  lingering.socket.pause()
  const agent = new Agent({ keepAlive: true })
  const ask = async (headers: Record<string, string>) => await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}/api/ws`, { agent, headers }, resolve).on('error', reject).end()
  })
  const first = await ask({})
  t.equal(first.statusCode, 426)
  first.resume()
  await once(first, 'end')
  const closed = app.close()
  await until('the hub is closed', () => app.hub.isClosed)
  const second = await ask(upgradeHeaders)
  t.equal(second.statusCode, 503)
  second.resume()
  lingering.socket.resume()
  await closed
  t.match(await lingering.closed, { code: 4000 })
})

t.test('nothing is left of clients that are gone, however they went', async t => {
  const { app, url, browser, user } = await liveApp(t, { hubLimits: { connections: 300, typingInterval: 20 } })
  const alice = user('alice')
  await alice.say('bob', 'hello')
  const leave = [
    async (socket: TestSocket) => socket.socket.close(),
    async (socket: TestSocket) => socket.socket.terminate(),
    async (socket: TestSocket) => {
      socket.send({ type: 'typing', data: { userId: 'bob' } })
      await socket.settle()
      socket.socket.terminate()
    },
    async (socket: TestSocket) => {
      for (let n = 0; n < 10; n++) socket.send({ type: 'read', data: { userId: 'bob', seq: 1 } })
      socket.socket.terminate()
    }
  ]
  for (let round = 0; round < 25; round++) {
    await Promise.all(Array.from({ length: 8 }, async (_, n) => {
      const headers: Record<string, string> = n % 2 === 0 ? {} : { authorization: `Bearer ${alice.token}` }
      const socket = new TestSocket(url, headers)
      await once(socket.socket, 'open')
      if (n % 2 === 0) socket.send({ type: 'auth', data: { token: alice.token } })
      if (n !== 6) await socket.next('connected')
      await leave[n % leave.length]?.(socket)
      await socket.closed
    }))
  }
  await until('the hub is empty', () => app.hub.size.connections === 0)
  t.same(app.hub.size, { connections: 0, users: 0 })
  t.equal(app.websocketServer.clients.size, 0)
  await until('nobody types', () => app.typing.size === 0)
  await browser()
  t.equal(app.hub.size.connections, 1)
})

t.test('a client that only ends its side is forgotten', async t => {
  const { app, url, user } = await liveApp(t, { hubLimits: { typingInterval: 20 } })
  const { socket, text } = await rawSocket(t, url)
  socket.write(upgradeRequest({ authorization: `Bearer ${user('bob').token}` }))
  await until('bob is connected', () => text().includes('connected'))
  socket.end(rawFrame({ type: 'typing', data: { userId: 'alice' } }))
  await until('bob is forgotten', () => app.hub.size.connections === 0)
  await until('he types no more', () => app.typing.size === 0)
})

t.test('a client that ends its side and never reads ours is cut', async t => {
  const { app, url, user } = await liveApp(t, { hubLimits: { hardQueue: 50_000_000, tick: 20 } })
  const { socket, text } = await rawSocket(t, url)
  socket.write(upgradeRequest({ authorization: `Bearer ${user('bob').token}` }))
  await until('bob is connected', () => text().includes('connected'))
  socket.pause()
  const [end] = app.websocketServer.clients
  const data = { userId: 'alice', conversationId: 'alice~bob', seq: 1 }
  while ((end?.bufferedAmount ?? 0) < 1_000_000) {
    for (let n = 0; n < 1000; n++) app.hub.publish(['bob'], { type: 'read', data })
    await sleep(0)
  }
  socket.end()
  await until('bob is forgotten', () => app.hub.size.connections === 0)
  t.equal(app.websocketServer.clients.size, 0)
})

t.test('a client that goes while its upgrade is considered leaves nothing behind', async t => {
  const { app, url, user } = await liveApp(t)
  const { users } = app.services
  const { touch } = users
  let admit = () => {}
  const touching = new Promise<void>(resolve => {
    users.touch = async identity => {
      resolve()
      await new Promise<void>(resolve => { admit = resolve })
      await touch(identity)
    }
  })
  const { socket } = await rawSocket(t, url)
  socket.write(upgradeRequest({ authorization: `Bearer ${user('bob').token}` }))
  await touching
  socket.resetAndDestroy()
  await sleep(20)
  admit()
  await until('he was considered', () => app.hub.size.connections === 0)
  await sleep(50)
  t.same(app.hub.size, { connections: 0, users: 0 })
  t.equal(app.websocketServer.clients.size, 0)
})
