import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import t, { type Test } from 'tap'
import { createLogger } from '../../src/observability/logger.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { until } from '../support/live.js'
import { start } from '../support/server-process.js'

const text = 'twelve kWh for a song'

/** A log that keeps every line. */
function keepingLog (level: 'info' | 'trace' = 'trace') {
  const lines: string[] = []
  return { lines, log: createLogger({ LOG_LEVEL: level, NODE_ENV: 'production' }, { write: line => { lines.push(line) } }) }
}

async function loggedApp (t: Test, env: Record<string, string> = {}) {
  const { lines, log } = keepingLog()
  const app = await testApp(t, { log, env })
  return { app, lines, alice: new TestUser(app, 'alice'), bob: new TestUser(app, 'bob') }
}

function discreet (t: Test, lines: string[], tokens: string[]) {
  const log = lines.join('')
  t.ok(lines.length > 0, 'something was logged')
  t.notMatch(log, text)
  for (const token of tokens) {
    for (const part of token.split('.')) t.notOk(log.includes(part), 'no part of a token is logged')
  }
}

t.test('requests are logged without tokens and texts', async t => {
  const { app, lines, alice, bob } = await loggedApp(t)
  const expired = app.jwt.sign({ sub: 'alice' }, { expiresIn: -1 })
  const url = await listen(app)
  const socket = await TestSocket.open(t, url, bob)
  await alice.say('bob', text)
  await alice.say('bob', text, { 'idempotency-key': 'k' })
  await alice.say('bob', text, { 'idempotency-key': 'k' })
  await alice.say('carol', text, { 'idempotency-key': 'k' })
  await bob.get('/alice')
  await bob.get('/conversations')
  await alice.post('/bob', { text, color: text })
  await alice.post('/bob', { text: [text] })
  await alice.say('bob', text.repeat(1000))
  await alice.request({ method: 'POST', url: '/api/messages/bob', payload: `{"text":"${text}"`, headers: { 'content-type': 'application/json' } })
  await alice.request({ method: 'POST', url: '/api/messages/bob', payload: text, headers: { 'content-type': 'text/plain' } })
  await app.inject({ url: '/api/messages/bob', headers: { authorization: `Bearer ${expired}` } })
  await app.inject({ url: '/api/messages/bob', headers: { authorization: `Bearer ${expired} ` } })
  socket.send({ type: 'auth', data: { token: expired } })
  await socket.settle().catch(() => {})
  await app.close()
  discreet(t, lines, [alice.token.split('.').slice(1).join('.'), bob.token.split('.').slice(1).join('.'), expired.split('.').slice(1).join('.')])
  const requests = lines.map(line => JSON.parse(line)).filter(({ status }) => status !== undefined)
  t.equal(requests.length, 14, 'each request has one line')
  t.equal(new Set(requests.map(({ reqId }) => reqId)).size, 14)
  t.match(requests[0], { reqId: /./, method: 'GET', route: '/api/ws', status: 101 })
  t.match(requests[1], { reqId: /./, method: 'POST', route: '/api/messages/:userId', status: 201, ms: Number, remoteAddress: '127.0.0.1' })
})

t.test('requests are logged by their route: who talks to whom can\'t be read from the log', async t => {
  const { app, lines, alice } = await loggedApp(t)
  const offer = '5f6b7a0e-3f5f-4a52-9a55-0a0b39c1f3c5'
  const url = await listen(app)
  await alice.get('/zacharias?limit=5&order=asc')
  await alice.get('/users?q=zacha')
  await alice.say('zacharias', 'hello')
  await alice.get(`/trades/${offer}`)
  await app.inject('/api/messages/zacharias')
  await app.inject({ method: 'PUT', url: '/api/messages/zacharias' })
  await app.inject('/zacharias/nowhere')
  await alice.get(`/${'zacharias'.repeat(100)}`)
  await fetch(`${url}/zacharias/%zz`)
  await fetch(`${url}/docs/static/zacharias.js`)
  app.dynamodb.aroundCalls(async () => { throw new Error('out of order') })
  t.equal((await alice.get('/zacharias')).statusCode, 500)
  const logged = lines.map(line => JSON.parse(line))
  t.same([...new Set(logged.flatMap(({ method, route }) => method === undefined ? [] : [`${method} ${route}`]))].sort(), [
    'GET /api/messages/:userId', 'GET /api/messages/trades/:messageId', 'GET /api/messages/users', 'GET undefined',
    'POST /api/messages/:userId', 'PUT /api/messages/:userId'
  ])
  t.ok(logged.some(({ level, err }) => level === 50 && err.message.includes('out of order')), 'the fault is logged')
  t.notMatch(lines.join(''), /zacha|limit=/)
  t.notOk(lines.join('').includes(offer))
})

t.test('an item that the database refused is not logged', async t => {
  const { app, lines, alice, bob } = await loggedApp(t)
  await alice.say('bob', 'hello')
  const item = { text: { S: text }, lastMessage: { M: { text: { S: text } } } }
  const $metadata = { httpStatusCode: 400 }
  const errors = [
    new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata, Item: item }),
    new TransactionCanceledException({ message: 'cancelled', $metadata, CancellationReasons: [{ Code: 'ValidationError', Item: item, Message: 'bad' }] }),
    Object.assign(new Error('ValidationException'), { name: 'ValidationException', $metadata, input: { Item: item }, body: text }),
    Object.assign(new Error('Service unavailable'), { name: 'InternalServerError', $fault: 'server', $metadata: { httpStatusCode: 500 }, $response: { body: text } }),
    new Error('outer', { cause: Object.assign(new Error('inner'), { item, params: text }) }),
    new AggregateError([new Error(text)], 'several')
  ]
  for (const error of errors) {
    const accept = app.dynamodb.aroundCalls(async () => { throw error })
    for (const response of [await alice.say('bob', text), await alice.say('bob', text, { 'idempotency-key': 'k' }), await bob.get('/alice')]) {
      t.ok(response.statusCode >= 500, `${error.name}: ${response.statusCode}`)
      t.notMatch(response.body, text)
    }
    accept()
  }
  discreet(t, lines, [])
  t.ok(lines.some(line => JSON.parse(line).err?.stack !== undefined), 'but what happened is')
})

t.test('an error is logged with its code and its causes', async t => {
  const { lines, log } = keepingLog()
  const cause = Object.assign(new TypeError('inner'), { code: 'EINNER', secret: text })
  log.error({ err: Object.assign(new Error('outer', { cause }), { code: 'EOUTER', item: { text } }) }, 'it failed')
  const { err, msg } = JSON.parse(lines[0]!)
  t.equal(msg, 'it failed')
  t.match(err, { type: 'Error', message: 'outer', code: 'EOUTER', stack: /^Error: outer/, cause: { type: 'TypeError', message: 'inner', code: 'EINNER' } })
  t.notMatch(lines[0], text)
})

t.test('what is below the level is not logged', async t => {
  const { lines, log } = keepingLog('info')
  log.debug('quiet')
  log.info('loud')
  t.match(lines.map(line => JSON.parse(line).msg), ['loud'])
  t.equal(lines.length, 1)
})

t.test('what a process logs comes soon, and nothing is left when it ends', async t => {
  const server = await start(t, t.testdir(), { NODE_ENV: 'test' })
  let log = ''
  server.child.stdout.on('data', data => { log += data })
  const completed = () => log.split('\n').filter(line => line.includes('request completed')).length
  await fetch(`${server.url}/api/messages/users`)
  await until('the line comes', () => completed() === 1)
  for (let n = 0; n < 3; n++) await fetch(`${server.url}/api/messages/users`)
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
  t.equal(completed(), 4)
})
