import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { listen, testApp, TestUser } from '../support/helper.js'

t.test('every answer forbids browsers to guess what it is and to show it in another page', async t => {
  const app = await testApp(t)
  const alice = new TestUser(app, 'alice')
  const preflight = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }
  const answers = {
    'a listing': await alice.get('/users'),
    'a message': await alice.say('bob', 'hello'),
    'a refusal': await app.inject('/api/messages/users'),
    'what is not there': await app.inject('/nowhere'),
    'another method': await app.inject({ method: 'PUT', url: '/health' }),
    'a preflight': await app.inject({ method: 'OPTIONS', url: '/api/messages/bob', headers: preflight }),
    'a path that is malformed': await app.inject('/%zz'),
    metrics: await app.inject('/metrics'),
    'the document': await app.inject('/openapi.json'),
    'the page': await app.inject('/docs'),
    'a script of the page': await app.inject('/docs/page.js'),
    'a file of the page that is not there': await app.inject('/docs/nothing')
  }
  for (const [name, { headers }] of Object.entries(answers)) {
    t.equal(headers['x-content-type-options'], 'nosniff', name)
    t.equal(headers['x-frame-options'], 'DENY', name)
  }
})

t.test('so does a stream, and the answer to what is not HTTP', async t => {
  const app = await testApp(t)
  const url = await listen(app)
  const abort = new AbortController()
  const { headers } = await fetch(`${url}/api/events`, {
    headers: { authorization: `Bearer ${new TestUser(app, 'alice').token}` }, signal: abort.signal
  })
  abort.abort()
  t.equal(headers.get('x-content-type-options'), 'nosniff')

  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let text = ''
  socket.on('data', data => { text += data })
  socket.end('hello\r\n\r\n')
  await once(socket, 'close')
  t.match(text, /^HTTP\/1.1 400 .*\r\nx-content-type-options: nosniff\r\n/is)
})

t.test('the reference page runs its own scripts only, asks this server only, and can\'t be framed', async t => {
  const app = await testApp(t)
  for (const url of ['/docs', '/docs/', '/docs/page.css', '/docs/renderer.js']) {
    const policy = String((await app.inject(url)).headers['content-security-policy']).split(/; */)
    for (const directive of ['default-src \'none\'', 'script-src \'self\'', 'connect-src \'self\'', 'base-uri \'none\'', 'frame-ancestors \'none\'']) {
      t.ok(policy.includes(directive), `${url}: ${directive}`)
    }
  }
})
