import { promisify } from 'node:util'
import t from 'tap'
import { liveApp, rawSocket, sleep } from '../support/live.js'
import { upTo } from '../support/follower.js'

t.test('answers that nobody reads don\'t keep their connection and their memory', async t => {
  const { app, url, user } = await liveApp(t)
  const [ann, bob] = [user('ann'), user('bob')]
  await bob.say('ann', '☀'.repeat(4000))
  const { message } = app.entities.entities
  const { data: first } = await message.get({ conversationId: 'ann~bob', seq: 1 }).go()
  await message.put(upTo(100, 2).map(seq => ({ ...first!, seq }))).go({ concurrent: 4 })
  t.ok(app.server.timeout > 0 && app.server.timeout <= 20_000, 'there is a bound')
  app.server.timeout = 2000

  const { socket, text } = await rawSocket(t, url)
  const page = (connection = 'keep-alive') => 'GET /api/messages/bob?limit=100 HTTP/1.1\r\nhost: test\r\n' +
    `connection: ${connection}\r\nauthorization: Bearer ${ann.token}\r\n\r\n`
  socket.pause()
  // More than what the system's own buffers take.
  socket.write(page().repeat(20))
  const count = promisify(app.server.getConnections.bind(app.server))
  const end = Date.now() + 30_000
  while (await count() > 0 && Date.now() < end) await sleep(20)
  t.equal(await count(), 0)
  t.equal(text(), '')

  // Whoever reads slowly, but reads, gets all of it.
  const reader = await rawSocket(t, url)
  reader.socket.write(page())
  const complete = () => reader.text().endsWith('0\r\n\r\n') || reader.text().endsWith('}')
  for (let slices = 0; slices < 1000 && !complete(); slices++) {
    reader.socket.resume()
    await new Promise(resolve => setImmediate(resolve))
    reader.socket.pause()
    await sleep(20)
  }
  t.match(reader.text(), /^HTTP\/1\.1 200 /)
  t.ok(complete())
})
