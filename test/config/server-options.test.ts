import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { listen, testApp, TestUser } from '../support/helper.js'

const head = 'POST /api/messages/bob HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

t.test('a request that stops half-way is answered with 408 and its connection ends', async t => {
  const app = await testApp(t)
  const url = await listen(app)
  const authorized = `${head}Authorization: Bearer ${new TestUser(app, 'alice').token}\r\n`
  const stalled: Record<string, string> = {
    'in its body': `${authorized}Content-Length: 100\r\n\r\n{"text"`,
    'in a chunk': `${authorized}Transfer-Encoding: chunked\r\n\r\n5\r\n{"te`,
    'in its body, on a path that is not there': `${authorized.replace('/api/messages/bob', '/nowhere')}Content-Length: 100\r\n\r\n{"text"`,
    'in its body, after it was refused': `${head}Content-Length: 100\r\n\r\n{"text"`,
    'in its head': `${authorized}X-Hea`,
    'in its head, as the second on its connection': 'GET /health HTTP/1.1\r\nHost: x\r\n\r\nGET /health HTTP/1.1\r\nHos',
    'before it began': ''
  }
  await Promise.all(Object.entries(stalled).map(async ([name, bytes]) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    t.teardown(() => socket.destroy())
    let text = ''
    socket.on('data', data => { text += data })
    await once(socket, 'connect')
    socket.write(bytes)
    const since = Date.now()
    await Promise.race([once(socket, 'close'), new Promise(resolve => setTimeout(resolve, 40_000).unref())])
    t.ok(socket.closed, `${name}: it ends`)
    t.match(text, /HTTP\/1\.1 408 [^]*request_timeout/, name)
    // Without a look at it every second it would be told no sooner than after half a minute, or at the end of a kept connection.
    t.ok(Date.now() - since < 25_000, `${name}: after ${Date.now() - since} ms`)
  }))
})
