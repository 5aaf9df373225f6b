import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import t, { type Test } from 'tap'
import { liveApp, rawSocket, sleep, until, upgradeHeaders } from '../support/live.js'

const patience = 30_000

/** An upgrade request. @param line the method and the path */
function requestText (line: string, headers: Record<string, string> = {}): string {
  const fields = Object.entries({ host: 'test', ...upgradeHeaders, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\n${fields.join('')}\r\n`
}

const preflight = { origin: 'http://localhost:5173', 'access-control-request-method': 'GET' }
const answered: Record<string, string> = {
  'a path that is no path': requestText('GET /%zz'),
  'a preflight': requestText('OPTIONS /api/ws', preflight),
  'a parameter that is too long': requestText(`GET /api/messages/${'x'.repeat(1000)}`),
  'a path that is not there': requestText('GET /nothing'),
  'a bad token': requestText('GET /api/ws', { authorization: 'Bearer x' }),
  'another version of the protocol': requestText('GET /api/ws', { 'sec-websocket-version': '7' }),
  'a handshake without a key': requestText('GET /api/ws', { 'sec-websocket-key': '' }),
  'another method': requestText('DELETE /api/ws'),
  'another route': requestText('GET /health'),
  'a body': requestText('POST /api/messages/bob', { 'content-length': '2', 'content-type': 'application/json' }) + '{}'
}

t.test('an upgrade that is answered leaves no socket, whoever answers it', async t => {
  const { app, url } = await liveApp(t)
  const count = promisify(app.server.getConnections.bind(app.server))
  for (const [what, text] of Object.entries(answered)) {
    const answers = await Promise.all(Array.from({ length: 30 }, () => ended(t, url, text)))
    t.equal(new Set(answers.map(answer => answer.slice(0, 'HTTP/1.1 200'.length))).size, 1, what)
    t.match(answers[0], /^HTTP\/1\.1 \d{3} /, what)
    const end = Date.now() + patience
    while (await count() > 0 && Date.now() < end) await sleep(5)
    t.equal(await count(), 0, what)
  }
  const before = performance.now()
  await app.close()
  t.ok(performance.now() - before < 5000, 'closing is prompt')
})

t.test('an answered upgrade says that its connection ends', async t => {
  const { url } = await liveApp(t)
  t.match(await ended(t, url, answered['a preflight'] as string), /^HTTP\/1\.1 204 [^]*\r\nconnection: close\r\n/i)
})

/** Sends a request and waits until the server ends the connection. @returns the answer */
async function ended (t: Test, url: string, text: string): Promise<string> {
  const { socket, text: answer } = await rawSocket(t, url)
  const end = once(socket, 'end', { signal: AbortSignal.timeout(patience) })
  socket.write(text)
  await end
  return answer()
}

t.test('an open WebSocket keeps nothing of the request that opened it, and neither does one that has authenticated', async t => {
  const { app, browser, open, user, url } = await liveApp(t)
  const requests: Array<WeakRef<IncomingMessage>> = []
  app.server.on('upgrade', request => { requests.push(new WeakRef(request)) })
  const sockets = [await open('alice'), await browser()]
  sockets[1]!.send({ type: 'auth', data: { token: user('bob').token } })
  await sockets[1]!.next('connected')
  // What is served next takes the place of what the parser and the router remember.
  await fetch(`${url}/health`)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await until('the requests are collected', () => {
    collect()
    return requests.length === 2 && requests.every(request => request.deref() === undefined)
  })
  for (const socket of sockets) await socket.settle()
})
