import type { InjectOptions } from 'fastify'
import t from 'tap'
import { jwtSecret } from '../../support/helper.js'
import { refused } from '../../support/problem.js'
import { appWithWebApp } from './built-app.js'

type App = Awaited<ReturnType<typeof appWithWebApp>>

// A proxy on this machine is believed, and makes nobody local all the same.
const shared = appWithWebApp(t, { env: { TRUST_PROXY: 'loopback' } })

async function signIn (app: App, name: unknown, options: InjectOptions = {}) {
  return await app.inject({ method: 'POST', url: '/sign-in', payload: { name }, ...options })
}

const offersNames = async (app: App, options: InjectOptions = {}) => {
  const response = await app.inject({ url: '/app-config.json', ...options })
  t.equal(response.headers['cache-control'], 'no-store')
  return response.json<{ signIn: { name: boolean } }>().signIn.name
}

t.test('on a developer\'s machine a name is enough, and others see it', async t => {
  const app = await shared
  t.equal(await offersNames(app), true)
  const response = await signIn(app, 'Zoë Müller')
  t.equal(response.statusCode, 200)
  t.equal(response.headers['cache-control'], 'no-store')
  const { token, userId, username, expiresAt } = response.json()
  t.equal(username, 'Zoë Müller')
  t.ok(Date.parse(expiresAt) > Date.now() + 60_000)
  const headers = { authorization: `Bearer ${token}` }
  t.equal((await app.inject({ url: '/api/messages/conversations', headers })).statusCode, 200)
  const other = (await signIn(app, 'bob')).json()
  const seen = await app.inject({ url: `/api/messages/users/${userId}`, headers: { authorization: `Bearer ${other.token}` } })
  t.match(seen.json(), { userId, username: 'Zoë Müller' })
})

t.test('the same name is the same user, and another name another one', async t => {
  const app = await shared
  const idOf = async (name: string) => (await signIn(app, name)).json().userId
  t.equal(await idOf('Alice'), 'alice', 'as npm run token names her')
  const names = [
    'Alice', 'Alice B', 'Alice  C', 'alice-b', 'users', 'conversations', '.', '..', '...', '~', 'a/b', 'a~b', 'سلمى', 'अनिता', '山田', '😀', '-', '$', 'x'.repeat(100), 'é'.repeat(100)
  ]
  const ids = await Promise.all(names.map(idOf))
  t.equal(new Set(ids).size, names.length)
  t.same(await Promise.all(names.map(idOf)), ids)
  t.equal(await idOf('ALICE B'), ids[1], 'however it is written')
  for (const id of ids) t.match(id, /^[a-z0-9@:|+=_-][a-z0-9@.:|+=_-]{0,127}$/)
})

t.test('what can\'t be a name is refused', async t => {
  const app = await shared
  for (const name of ['', ' ', ' alice', 'a\nb', '\u202Ealice', '\u200B', '\uD800', 'x'.repeat(101), 1, null, ['alice'], undefined]) {
    refused(t, await signIn(app, name), 'validation_failed', JSON.stringify(name))
  }
  refused(t, await signIn(app, 'alice', { payload: { name: 'alice', sub: 'bob' } }), 'validation_failed')
  refused(t, await signIn(app, 'alice', { payload: '{', headers: { 'content-type': 'application/json' } }), 'malformed_json')
  refused(t, await signIn(app, 'alice', { payload: 'name=alice', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 'unsupported_media_type')
})

t.test('only this machine, under its own name, and the server\'s own pages can sign in so', async t => {
  const app = await shared
  const local: InjectOptions[] = [
    {},
    { headers: { host: 'localhost:8080', origin: 'http://localhost:8080' } },
    { headers: { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' } },
    { headers: { host: 'localhost:80', origin: 'http://localhost' } },
    { headers: { host: '[::1]:8080', origin: 'http://[::1]:8080' }, remoteAddress: '::1' },
    { headers: { host: 'localhost' }, remoteAddress: '::ffff:127.0.0.1' },
    { headers: { host: 'localhost' }, remoteAddress: '127.9.9.9' }
  ]
  for (const options of local) {
    t.equal((await signIn(app, 'alice', options)).statusCode, 200, JSON.stringify(options))
    t.equal(await offersNames(app, options), true)
  }
  const foreign: InjectOptions[] = [
    { remoteAddress: '192.0.2.1' },
    { remoteAddress: '::ffff:192.0.2.1' },
    { remoteAddress: '2001:db8::1' },
    { headers: { host: 'attacker.example' } },
    { headers: { host: 'localhost.attacker.example:8080' } },
    { headers: { host: '127.0.0.1.attacker.example' } },
    { headers: { host: 'localhost@attacker.example' } },
    { headers: { host: '192.0.2.1:8080' } },
    { headers: { host: 'local host' } },
    { headers: { host: 'localhost:8080', origin: 'https://attacker.example' } },
    { headers: { host: 'localhost:8080', origin: 'http://localhost:3000' } },
    { headers: { host: 'localhost:8080', origin: 'http://127.0.0.1:8080' } },
    { headers: { host: 'localhost:8080', origin: 'null' } },
    { headers: { host: 'localhost:8080', origin: '' } },
    { headers: { host: 'localhost', 'x-forwarded-for': '127.0.0.1' } },
    { headers: { host: 'localhost', 'x-forwarded-for': '192.0.2.1' } },
    { headers: { host: 'localhost', forwarded: 'for=127.0.0.1' } },
    { headers: { host: 'attacker.example', 'x-forwarded-host': 'localhost' } }
  ]
  for (const options of foreign) {
    refused(t, await signIn(app, 'alice', options), 'route_not_found', JSON.stringify(options))
    t.equal(await offersNames(app, options), false)
  }
})

t.test('elsewhere there is no such thing', async t => {
  const issuer = { JWT_SECRET: '', JWT_JWKS_URL: 'https://issuer.example/keys', JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'chat', CURSOR_SECRET: 'c'.repeat(32) }
  const production = { NODE_ENV: 'production', JWT_SECRET: jwtSecret, CLIENT_URL: 'https://app.example.com', AWS_REGION: 'eu-central-1' }
  for (const env of [{ NODE_ENV: 'test' }, issuer, production]) {
    const app = await appWithWebApp(t, { env })
    refused(t, await signIn(app, 'alice'), 'route_not_found')
    refused(t, await signIn(app, undefined, { payload: '{' }), 'route_not_found', 'whatever is in it')
    t.equal(await offersNames(app), false)
  }
})
