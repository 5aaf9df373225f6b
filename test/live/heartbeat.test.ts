import { once } from 'node:events'
import t from 'tap'
import { WebSocket } from 'ws'
import { framesOf, liveApp, sleep, until } from '../support/live.js'

t.test('who answers a ping in one way or another stays, who answers nothing is closed', async t => {
  const { app, open, url, user } = await liveApp(t, { hubLimits: { heartbeat: 100, heartbeatGrace: 900, tick: 10 } })

  /** A socket that doesn't answer the protocol's own pings. */
  async function mute (id: string) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, {
      headers: { authorization: `Bearer ${user(id).token}` }, autoPong: false
    })
    t.teardown(() => socket.terminate())
    socket.on('error', () => {})
    const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }))
    const pinged = once(socket, 'ping')
    await once(socket, 'open')
    return { socket, closed, pinged }
  }

  const [silent, byFrame, byPing, standard] = [await mute('silent'), await mute('by-frame'), await mute('by-ping'), await open('standard')]
  const pings: string[] = []
  byFrame.socket.on('message', data => {
    const { type, data: { serverTime } } = JSON.parse(String(data))
    if (type !== 'ping') return
    pings.push(serverTime)
    byFrame.socket.send('{"type":"pong"}')
  })
  const pinging = setInterval(() => byPing.socket.ping(), 50)
  t.teardown(() => clearInterval(pinging))

  t.same(await silent.closed, { code: 4002, reason: 'heartbeat_timeout' })
  await silent.pinged
  await sleep(1100)
  t.same([byFrame, byPing].map(({ socket }) => socket.readyState), [WebSocket.OPEN, WebSocket.OPEN])
  await standard.settle()
  t.ok(framesOf(standard, 'ping').length >= 3)
  t.ok(pings.length >= 3)
  t.same(pings.map(time => new Date(time).toISOString()), pings)
  t.same(app.hub.size, { connections: 3, users: 3 })

  clearInterval(pinging)
  t.match(await byPing.closed, { code: 4002 }, 'until it stops')
})

t.test('a connection that is cut off without a word is forgotten', async t => {
  const { app, open } = await liveApp(t, { hubLimits: { heartbeat: 50, heartbeatGrace: 100, tick: 10 } })
  const alice = await open('alice')
  // Neither reads nor writes any more, as behind a broken cable: the closing handshake gets no answer either.
  alice.socket.pause()
  await until('she is closed', () => [...app.websocketServer.clients].every(client => client.readyState === client.CLOSING))
  await until('she is forgotten', () => app.hub.size.connections === 0)
  t.equal(app.websocketServer.clients.size, 0)
})
