import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import fastify from 'fastify'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { reservedUserIds } from '../../schemas/common.js'
import { loadConfig } from '../../src/config/environment.js'
import type { ProblemError } from '../../src/wire/problem-error.js'
import auth from '../../src/plugins/auth.js'
import config from '../../src/plugins/config.js'
import { startIssuer } from '../auth/jwks-issuer.js'
import { passTime } from '../support/pass-time.js'

const secret = 'a-secret-for-tests-0123456789abcdef'
const otherSecret = 'another-secret-for-tests-0123456789'
const iss = 'https://issuer.example'
const aud = 'equilux'
const invalidTokenChallenge = 'Bearer realm="equilux-chat", error="invalid_token"'

const configOf = (env: NodeJS.Dict<string>) =>
  ({ ...loadConfig({ NODE_ENV: 'test', ...env }), CURSOR_SECRET: ['c'.repeat(32)], WEBHOOK_SECRET: 'w'.repeat(32) })

async function build (t: Test, env: NodeJS.Dict<string>) {
  const app = fastify()
  app.register(config, { config: configOf(env) })
  app.register(auth)
  app.addHook('onRequest', async request => { request.identity = await app.identify(request) })
  app.setErrorHandler((error: ProblemError, _request, reply) =>
    reply.code(error.statusCode).headers(error.headers).send(error.toProblem('en')))
  app.get('/', async request => request.identity)
  t.teardown(() => app.close())
  await app.ready()
  return app
}

const now = () => Math.floor(Date.now() / 1000)
const inAnHour = () => now() + 3600
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token exactly as told, signed with HMAC: a library would refuse to make some of these. */
function forge (claims: unknown, { alg = 'HS256', key = secret, header = {} } = {}) {
  const input = `${encode({ alg, typ: 'JWT', ...header })}.${encode(claims)}`
  const signature = alg === 'none' ? '' : createHmac(`sha${alg.slice(2)}`, key).update(input).digest('base64url')
  return `${input}.${signature}`
}

async function refused (t: Test, app: Awaited<ReturnType<typeof build>>, token: string, code = 'token_invalid') {
  const error: ProblemError = await app.authenticate(token).then(() => { throw new Error('was accepted') }, error => error)
  t.match(error, { code, statusCode: 401, headers: { 'www-authenticate': invalidTokenChallenge } })
  for (const part of token.split('.')) {
    if (part.length > 3) t.notOk(error.message.includes(part), 'the detail does not repeat the token')
  }
  return error
}

t.test('a signed token identifies its user', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const exp = inAnHour()
  const iat = exp - 7200
  const identity = { userId: 'alice', username: 'Alice', expiresAt: exp * 1000, signedInAt: iat * 1000 }
  const token = app.jwt.sign({ sub: 'alice', name: 'Alice', exp, iat })
  t.same(await app.authenticate(token), identity)
  t.same(await app.authenticate(app.jwt.sign({ sub: 'alice', name: 'Alice', exp, iat, auth_time: iat - 60 })), { ...identity, signedInAt: (iat - 60) * 1000 })
  for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
    const response = await app.inject({ url: '/', headers: { authorization: `${scheme} ${token}` } })
    t.same(response.json(), identity)
  }
})

t.test('a request without a bearer token is challenged without an error', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  for (const headers of [{}, ...['', 'Basic YTpi', 'Bearerx abc'].map(authorization => ({ authorization }))]) {
    const response = await app.inject({ url: '/', headers })
    t.equal(response.statusCode, 401)
    t.equal(response.json().code, 'token_missing')
    t.equal(response.headers['www-authenticate'], 'Bearer realm="equilux-chat"')
  }
})

t.test('a malformed authorization header is an invalid token', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  for (const authorization of ['Bearer', 'Bearer a b', 'Bearer "a"', 'Bearer a,b', 'Bearer ä']) {
    const response = await app.inject({ url: '/', headers: { authorization } })
    t.equal(response.json().code, 'token_invalid', authorization)
    t.equal(response.headers['www-authenticate'], invalidTokenChallenge)
  }
})

t.test('with a secret, a token is refused', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const issuer = await startIssuer(t)
  const { sign } = await issuer.addKey('rsa')
  const good = { sub: 'alice', exp: inAnHour() }
  const table: Record<string, string | [token: string, code: string]> = {
    'that is empty': '',
    'that is garbage': 'garbage',
    'of garbage parts': 'gar.ba.ge',
    'of five parts': 'a.b.c.d.e',
    'whose header is not an object': `${encode('x')}.${encode(good)}.abc`,
    'that is unsigned': forge(good, { alg: 'none' }),
    'that is unsigned but has a signature': `${forge(good, { alg: 'none' })}abc`,
    'that lost its signature': forge(good).replace(/[^.]*$/, ''),
    'signed with HS512': forge(good, { alg: 'HS512' }),
    'signed with RS256': await sign(good),
    'signed with another secret': forge(good, { key: otherSecret }),
    'with an unknown critical header': forge(good, { header: { crit: ['exotic'], exotic: true } }),
    'that has expired': [forge({ ...good, exp: now() - 1 }), 'token_expired'],
    'that is not valid yet': [forge({ ...good, nbf: now() + 60 }), 'token_not_active'],
    'with an nbf that is a string': forge({ ...good, nbf: '1' }),
    'with an nbf beyond the last date': forge({ ...good, nbf: 1e300 }),
    'without exp': forge({ sub: 'alice' }),
    'with an exp that is a string': forge({ ...good, exp: String(inAnHour()) }),
    'with an exp that is null': forge({ ...good, exp: null }),
    'with an exp that is a list': forge({ ...good, exp: [inAnHour()] }),
    'with an exp beyond the last date': forge({ ...good, exp: 1e300 }),
    'with an exp before the first date': forge({ ...good, exp: -1e300 }),
    'without sub': forge({ exp: inAnHour() }),
    'whose claims are a list': forge([good])
  }
  for (const [name, row] of Object.entries(table)) {
    t.test(name, async t => {
      const [token, code] = Array.isArray(row) ? row : [row, 'token_invalid']
      await refused(t, app, token, code)
    })
  }
})

t.test('a token whose sub is no user id is refused, and told so', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const ids = ['', 'al#ice', 'al~ice', 'al/ice', 'al$ice', 'al ice', 'alice\n', '.alice', '..', 'älice', 'a'.repeat(129), ...reservedUserIds]
  for (const sub of [...ids, 7, null, ['alice'], { id: 'alice' }]) {
    const error = await refused(t, app, forge({ sub, exp: inAnHour() }))
    t.match(error.message, /^The sub claim is not accepted/, JSON.stringify(sub))
  }
  for (const sub of ['a'.repeat(128), 'auth0|5f7c', 'eu-central-1:3fa85f64', 'al.ice@example.com', '-']) {
    t.equal((await app.authenticate(forge({ sub, exp: inAnHour() }))).userId, sub)
  }
})

t.test('the username is the first usable of the claims that carry one', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const table: Array<[claims: object, username: string]> = [
    [{ name: 'Name', username: 'user', preferred_username: 'preferred', 'cognito:username': 'cognito' }, 'Name'],
    [{ username: 'user', preferred_username: 'preferred', 'cognito:username': 'cognito' }, 'user'],
    [{ preferred_username: 'preferred', 'cognito:username': 'cognito' }, 'preferred'],
    [{ 'cognito:username': 'cognito' }, 'cognito'],
    [{}, 'alice'],
    [{ name: 7, username: 'user' }, 'user'],
    [{ name: ' \u0000\n ' }, 'alice'],
    [{ name: ' A\u0000li\r\nce\u2028 ' }, 'Alice'],
    [{ name: 'A\ud800lice' }, 'A\ufffdlice'],
    [{ name: '🌞'.repeat(101) }, '🌞'.repeat(100)],
    // Isolates, overrides and marks of direction, which would turn around what stands beside the name.
    [{ name: '\u202eecilA\u202c' }, 'ecilA'],
    [{ name: '\u2066A\u2067l\u2068i\u2069c\u200ee\u200f\u061c' }, 'Alice'],
    // Zero-width and other characters that can't be seen, which make one name look like another.
    [{ name: 'A\u200bl\u200ci\u200dc\u2060e\ufeff' }, 'Alice'],
    [{ name: 'A\u00adl\u034fi\u180ec\u3164e\uffa0\u{e0041}\ufe0f' }, 'Alice'],
    [{ name: '\u200b\u3164\u202e', username: 'user' }, 'user'],
    // Letters of any script stay.
    [{ name: 'Zoë Ильин 王秀英 ليلى' }, 'Zoë Ильин 王秀英 ليلى']
  ]
  for (const [claims, username] of table) {
    t.equal((await app.authenticate(forge({ sub: 'alice', exp: inAnHour(), ...claims }))).username, username)
  }
})

t.test('a token of up to 8 KiB is accepted', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const sized = (length: number) => forge({ sub: 'alice', exp: inAnHour(), padding: 'x'.repeat(length) })
  let padding = 6000
  while (sized(padding + 1).length <= 8192) padding++
  await app.authenticate(sized(padding))
  t.equal((await refused(t, app, sized(padding + 1))).message, 'The token is longer than 8 KiB')
})

t.test('the first secret signs and all verify', async t => {
  const app = await build(t, { JWT_SECRET: `${secret},${otherSecret}` })
  const claims = { sub: 'alice', exp: inAnHour() }
  const [header, payload, signature] = app.jwt.sign(claims).split('.')
  t.equal(signature, createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url'))
  t.equal((await app.authenticate(forge(claims, { key: otherSecret }))).userId, 'alice')
  await refused(t, app, forge({ ...claims, exp: now() - 1 }, { key: otherSecret }), 'token_expired')
  await refused(t, app, forge(claims, { key: `${otherSecret}x` }))
})

t.test('issuer and audience are checked with secrets too where they are configured', async t => {
  const app = await build(t, { JWT_SECRET: secret, JWT_ISSUER: iss, JWT_AUDIENCE: aud })
  const good = { sub: 'alice', exp: inAnHour(), iss, aud }
  t.equal((await app.authenticate(app.jwt.sign({ sub: 'alice' }, { expiresIn: '1m' }))).userId, 'alice')
  t.equal((await app.authenticate(forge({ ...good, aud: ['other', aud] }))).userId, 'alice')
  for (const change of [{ iss: `${iss}/` }, { iss: undefined }, { iss: [iss] }, { aud: 'other' }, { aud: undefined }, { aud: [] }]) {
    await refused(t, app, forge({ ...good, ...change }))
  }
})

t.test('a token altered in any byte of its claims or signature never authenticates', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const alteration = fc.record({ part: fc.constantFrom(1, 2), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
  await fc.assert(fc.asyncProperty(fc.stringMatching(/^[a-z]{1,20}$/), alteration, async (sub, { part, at, mask }) => {
    fc.pre(!reservedUserIds.has(sub))
    const token = app.jwt.sign({ sub }, { expiresIn: '1h' })
    t.equal((await app.authenticate(token)).userId, sub)
    const parts = token.split('.')
    const bytes = Buffer.from(parts[part]!, 'base64url')
    bytes[at % bytes.length]! ^= mask
    parts[part] = bytes.toString('base64url')
    await app.authenticate(parts.join('.')).then(() => { throw new Error('was accepted') }, error => {
      if (error.code !== 'token_invalid') throw error
    })
  }))
})

t.test('no text authenticates by accident or fails otherwise than as an invalid token', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const part = fc.oneof(fc.string(), fc.json().map(text => Buffer.from(text).toString('base64url')))
  await fc.assert(fc.asyncProperty(fc.array(part, { maxLength: 4 }), async parts => {
    await app.authenticate(parts.join('.')).then(() => { throw new Error('was accepted') }, error => {
      if (error.code !== 'token_invalid') throw error
    })
  }))
})

t.test('without a secret or an issuer the plugin does not load', async t => {
  const app = fastify()
  app.register(config, { config: configOf({}) })
  app.register(auth)
  await t.rejects(async () => app.ready(), /Neither JWT_SECRET nor JWT_JWKS_URL/)
})

async function buildWithIssuer (t: Test) {
  const issuer = await startIssuer(t)
  const app = await build(t, { JWT_JWKS_URL: issuer.url, JWT_ISSUER: iss, JWT_AUDIENCE: aud })
  return { app, issuer, claims: { sub: 'alice', exp: inAnHour(), iss, aud } }
}

t.test('tokens of an issuer are accepted by its published keys', async t => {
  const { app, issuer, claims } = await buildWithIssuer(t)
  const rsa = await issuer.addKey('rsa')
  const ec = await issuer.addKey('ec', 'ES256')
  t.equal(issuer.fetches, 0, 'nothing is fetched before it is needed')
  const tokens = await Promise.all([rsa.sign(claims), ec.sign(claims), rsa.sign({ ...claims, aud: ['other', aud] }), rsa.sign(claims, { kid: undefined })])
  for (const token of tokens) t.equal((await app.authenticate(token)).userId, 'alice')
  t.equal(issuer.fetches, 1)
})

t.test('with an issuer, a token is refused', async t => {
  const { app, issuer, claims } = await buildWithIssuer(t)
  const rsa = await issuer.addKey('rsa')
  const ec = await issuer.addKey('ec', 'ES256')
  const stranger = await issuer.addKey('rsa', 'RS256', false)
  const header = { kid: 'rsa' }
  const table: Record<string, string | [token: string, code: string]> = {
    'that is garbage': 'garbage',
    'that is unsigned': forge(claims, { alg: 'none', header }),
    'signed with the public key as a secret': forge(claims, { key: rsa.pem, header }),
    'signed with the trimmed public key as a secret': forge(claims, { key: rsa.pem.trim(), header }),
    'signed with RS384': await rsa.sign(claims, { alg: 'RS384' }),
    'signed with PS256': await rsa.sign(claims, { alg: 'PS256' }),
    'that names a key of the other algorithm': await ec.sign(claims, { kid: 'rsa' }),
    'that brings its own key': await stranger.sign(claims, { jwk: {}, jku: 'http://127.0.0.1:1/' }),
    'with a kid that is an object': forge(claims, { alg: 'HS256', header: { alg: 'RS256', kid: {} } }),
    'with a kid that is null': forge(claims, { alg: 'HS256', header: { alg: 'ES256', kid: null } }),
    'of another issuer': await rsa.sign({ ...claims, iss: 'https://other.example' }),
    'without issuer': await rsa.sign({ ...claims, iss: undefined }),
    'for another audience': await rsa.sign({ ...claims, aud: 'other' }),
    'without audience': await rsa.sign({ ...claims, aud: undefined }),
    'without exp': await rsa.sign({ ...claims, exp: undefined }),
    'that has expired': [await ec.sign({ ...claims, exp: now() - 1 }), 'token_expired'],
    'that is not valid yet': [await ec.sign({ ...claims, nbf: now() + 60 }), 'token_not_active'],
    'signed with another private key': await stranger.sign(claims)
  }
  for (const [name, row] of Object.entries(table)) {
    t.test(name, async t => {
      const [token, code] = Array.isArray(row) ? row : [row, 'token_invalid']
      await refused(t, app, token, code)
    })
  }
  t.test('and all that took one fetch', async t => { t.equal(issuer.fetches, 1) })
})

t.test('a token of an issuer altered in any byte of its claims or signature never authenticates', async t => {
  const { app, issuer, claims } = await buildWithIssuer(t)
  const tokens = await Promise.all([(await issuer.addKey('rsa')).sign(claims), (await issuer.addKey('ec', 'ES256')).sign(claims)])
  const alteration = fc.record({ token: fc.constantFrom(...tokens), part: fc.constantFrom(1, 2), at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) })
  await fc.assert(fc.asyncProperty(alteration, async ({ token, part, at, mask }) => {
    const parts = token.split('.')
    const bytes = Buffer.from(parts[part]!, 'base64url')
    bytes[at % bytes.length]! ^= mask
    parts[part] = bytes.toString('base64url')
    await app.authenticate(parts.join('.')).then(() => { throw new Error('was accepted') }, error => {
      if (error.code !== 'token_invalid') throw error
    })
  }))
})

t.test('an issuer whose keys can\'t be fetched is the server\'s fault, not the token\'s', async t => {
  const { app, issuer, claims } = await buildWithIssuer(t)
  const { sign } = await issuer.addKey('rsa')
  issuer.mode = 'failing'
  const response = await app.inject({ url: '/', headers: { authorization: `Bearer ${await sign(claims)}` } })
  t.equal(response.statusCode, 503)
  t.equal(response.json().code, 'keys_unavailable')
  t.equal(response.headers['retry-after'], '5')
  t.notOk(response.headers['www-authenticate'])
})

t.test('a token under a new key, just after one under a made-up key, is to be tried again', async t => {
  const { app, issuer, claims } = await buildWithIssuer(t)
  const old = await issuer.addKey('old')
  await refused(t, app, await old.sign(claims, { kid: 'made-up' }))
  const { sign } = await issuer.addKey('new')
  const response = await app.inject({ url: '/', headers: { authorization: `Bearer ${await sign(claims)}` } })
  t.equal(response.statusCode, 503)
  t.equal(response.json().code, 'keys_unavailable')
  const seconds = Number(response.headers['retry-after'])
  t.ok(seconds > 0 && seconds <= 30, `in ${seconds} s`)
  t.equal((await app.authenticate(await old.sign(claims))).userId, 'alice')
  t.equal(issuer.fetches, 1)
})

t.test('known keys verify while the issuer is down', async t => {
  const { app, issuer, claims } = await buildWithIssuer(t)
  const { sign } = await issuer.addKey('rsa')
  await app.authenticate(await sign(claims))
  issuer.mode = 'failing'
  t.equal((await app.authenticate(await sign({ ...claims, sub: 'bob' }))).userId, 'bob')
})

t.test('a flood of unknown keys does not reach the issuer', async t => {
  const { app, issuer, claims } = await buildWithIssuer(t)
  const { sign } = await issuer.addKey('rsa')
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => sign(claims, { kid: `unknown-${n}` })))
  const [first, ...others] = await Promise.all(tokens.map(async token => await app.authenticate(token).catch(({ code }) => code)))
  t.equal(first, 'token_invalid', 'the fetch was made for this one')
  t.strictSame(others, Array(49).fill('keys_unavailable'))
  t.equal(issuer.fetches, 1)
})

t.test('a token made by another library is accepted', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const token = await new SignJWT({ name: 'Alice' }).setSubject('alice').setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt().setExpirationTime('1h').sign(Buffer.from(secret))
  t.equal((await app.authenticate(token)).username, 'Alice')
})

/** Counts how often a token's claims are read, as they are whenever it is verified. */
function readings (t: Test, token: string) {
  const claims = Buffer.from(token.split('.')[1]!, 'base64url').toString()
  const parsed = t.capture(JSON, 'parse', JSON.parse)
  let count = 0
  return () => {
    count += parsed().filter(({ args: [text] }) => text === claims).length
    return count
  }
}

/** Makes the clock the test's own; it stands still. */
function standingClock (t: Test) {
  let time = Date.now()
  t.intercept(Date, 'now', { value: () => time })
  return { advance (ms: number) { time += ms } }
}

t.test('a token is verified once while it is good', async t => {
  const clock = standingClock(t)
  const app = await build(t, { JWT_SECRET: `${otherSecret},${secret}` })
  const token = forge({ sub: 'alice', exp: now() + 60, nbf: now() })
  const read = readings(t, token)
  t.equal((await app.authenticate(token)).userId, 'alice')
  const once = read()
  t.ok(once > 0)
  t.equal((await app.authenticate(token)).userId, 'alice')
  t.equal(read(), once)
  clock.advance(61_000)
  await refused(t, app, token, 'token_expired')
  clock.advance(-63_000)
  await refused(t, app, token, 'token_not_active')
  clock.advance(3000)
  t.equal((await app.authenticate(token)).userId, 'alice', 'and again when it is good again')
})

t.test('a token that is remembered may not be altered', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const token = forge({ sub: 'alice', exp: inAnHour() })
  await app.authenticate(token)
  for (const altered of [`${token}A`, token.slice(0, -1), token.replace('.', '.A'), token.toLowerCase()]) await refused(t, app, altered)
})

t.test('so many tokens are remembered and no more', async t => {
  const app = await build(t, { JWT_SECRET: secret })
  const [first = '', ...others] = Array.from({ length: 10_001 }, (_, n) => forge({ sub: `user-${n}`, exp: inAnHour() }))
  await app.authenticate(first)
  for (const token of others) await app.authenticate(token)
  const read = readings(t, first)
  await app.authenticate(first)
  t.ok(read() > 0)
})

t.test('a token under a key that the issuer has withdrawn is forgotten when its keys are fetched again', async t => {
  const pass = passTime(t)
  const { app, issuer, claims } = await buildWithIssuer(t)
  const token = await (await issuer.addKey('old')).sign(claims)
  await app.authenticate(token)
  t.equal((await app.authenticate(token)).userId, 'alice')
  const read = readings(t, token)
  t.equal((await app.authenticate(token)).userId, 'alice')
  t.equal(read(), 0, 'it is remembered')
  issuer.removeKeys()
  const other = await (await issuer.addKey('new')).sign(claims)
  t.equal((await app.authenticate(token)).userId, 'alice', 'until then')
  pass(30_000)
  t.equal((await app.authenticate(other)).userId, 'alice', 'a new key is fetched')
  await t.rejects(app.authenticate(token), { code: 'keys_unavailable' })
  pass(30_000)
  await refused(t, app, token)
})

t.test('a token under a key that was withdrawn does not outlive the age of the keys', async t => {
  const pass = passTime(t)
  const { app, issuer, claims } = await buildWithIssuer(t)
  const token = await (await issuer.addKey('old')).sign(claims)
  for (let n = 0; n < 3; n++) await app.authenticate(token)
  issuer.removeKeys()
  pass(600_000)
  await refused(t, app, token)
})
