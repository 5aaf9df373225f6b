import { setImmediate as nextTurn } from 'node:timers/promises'
import t from 'tap'
import type { MissedPage } from '../../schemas/sync.js'
import { intercept, sdkFault } from '../support/faults.js'
import { liveApp, rawSocket, unannounced, until, upgradeRequest } from '../support/live.js'

const count = 100
const names = Array.from({ length: count }, (_, n) => `user-${n}`)

/** Many users, each of whom has missed a message since a cursor; `storm` has all of them come back at the same moment. */
async function manyUsers (t: Parameters<typeof liveApp>[0]) {
  const live = await liveApp(t)
  unannounced(live.app)
  const requests: string[] = []
  for (const id of names) {
    const { cursor } = (await live.user(id).get('/sync')).json<MissedPage>()
    requests.push(upgradeRequest({ authorization: `Bearer ${live.user(id).token}`, 'last-event-id': cursor }))
  }
  for (const id of names) await live.user('bob').say(id, `missed by ${id}`)
  let accepted = 0
  live.app.server.on('connection', () => accepted++)
  const sockets = await Promise.all(names.map(async () => await rawSocket(t, live.url)))
  // Node accepts one connection a turn of the event loop, which would space them.
  await until('all are accepted', () => accepted === count)
  return { ...live, sockets, storm: () => { for (const [n, { socket }] of sockets.entries()) socket.write(requests[n]!) } }
}

t.test('of many who reconnect at once few are dealt with at a time, and each gets what it missed', async t => {
  const { app, sockets, storm } = await manyUsers(t)
  let [running, most] = [0, 0]
  intercept(t, app, 'Query', async attempt => {
    most = Math.max(most, ++running)
    try {
      return await attempt()
    } finally {
      running--
    }
  })
  const perTurn = [0]
  app.websocketServer.on('connection', () => perTurn[0]!++)
  const over = new AbortController()
  const turns = (async () => {
    while (!over.signal.aborted) {
      await nextTurn()
      perTurn.unshift(0)
    }
  })()
  storm()
  for (const { text } of sockets) await until('it has caught up', () => text().includes('"type":"resumed"'))
  over.abort()
  await turns
  for (const [n, { text }] of sockets.entries()) {
    t.ok(text().includes('"replayed":1'))
    t.equal(text().split(`"missed by ${names[n]}"`).length, 2)
  }
  t.ok(most <= 16, `${most} queries at once`)
  t.ok(Math.max(...perTurn) <= 4, `${Math.max(...perTurn)} upgrades between two turns of the event loop`)
})

t.test('while the database is away, all who wait for their turn are told so at once', async t => {
  const { app, sockets, storm } = await manyUsers(t)
  let goAway = () => {}
  const away = new Promise<void>(resolve => { goAway = resolve })
  const queries = intercept(t, app, 'Query', async () => {
    await away
    throw sdkFault('InternalServerError', 500)
  })
  let closed = 0
  for (const { socket } of sockets) socket.once('close', () => closed++)
  storm()
  for (const { text } of sockets) await until('it is connected, and catches up', () => text().includes('"type":"connected"'))
  goAway()
  await until('all are closed', () => closed === count)
  // The few whose turn it was have tried again, three times in all.
  t.ok(queries.count < count / 2, `${queries.count} attempts for ${count} clients`)
  t.equal(app.hub.size.connections, 0)
})
