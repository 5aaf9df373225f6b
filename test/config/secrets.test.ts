import { createHmac } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { loadConfig } from '../../src/config/environment.js'
import { resolveSecrets } from '../../src/config/secrets.js'

const secret = 'a-secret-for-tests-0123456789abcdef'
const jwks = { JWT_JWKS_URL: 'https://issuer.example/jwks.json', JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'equilux' }

const directory = (t: Test) => join(t.testdir(), 'data')
const config = (env: NodeJS.Dict<string>) => loadConfig({ NODE_ENV: 'development', ...env })

t.test('a missing JWT secret is generated once and kept for its owner only', async t => {
  const DATA_DIR = directory(t)
  const first = await resolveSecrets(config({ DATA_DIR }))
  t.equal(Buffer.from(first.JWT_SECRET![0]!, 'base64url').length, 32)
  t.same(await resolveSecrets(config({ DATA_DIR })), first)
  t.same(readdirSync(DATA_DIR), ['jwt-secret'])
  t.equal(statSync(DATA_DIR).mode & 0o777, 0o700)
  t.equal(statSync(join(DATA_DIR, 'jwt-secret')).mode & 0o777, 0o600)
})

t.test('starts at the same time agree on one secret', async t => {
  const DATA_DIR = directory(t)
  const starts = await Promise.all(Array.from({ length: 20 }, () => resolveSecrets(config({ DATA_DIR }))))
  t.equal(new Set(starts.map(({ JWT_SECRET: secrets }) => secrets![0])).size, 1)
  t.same(readdirSync(DATA_DIR), ['jwt-secret'])
})

t.test('two data directories get different secrets', async t => {
  const parent = t.testdir()
  const [one, two] = await Promise.all(['one', 'two'].map(name => resolveSecrets(config({ DATA_DIR: join(parent, name) }))))
  t.not(one!.JWT_SECRET![0], two!.JWT_SECRET![0])
})

t.test('a kept secret is read without its line end', async t => {
  const DATA_DIR = t.testdir({ 'jwt-secret': `${secret}\n` })
  t.same((await resolveSecrets(config({ DATA_DIR }))).JWT_SECRET, [secret])
})

t.test('a kept secret that is too short is refused by the name of its file', async t => {
  for (const content of ['', 'short\n']) {
    const DATA_DIR = directory(t)
    mkdirSync(DATA_DIR, { recursive: true })
    writeFileSync(join(DATA_DIR, 'jwt-secret'), content)
    await t.rejects(resolveSecrets(config({ DATA_DIR })), new RegExp(`${DATA_DIR}/jwt-secret must hold`))
    t.equal(readFileSync(join(DATA_DIR, 'jwt-secret'), 'utf8'), content, 'the file is left alone')
  }
})

t.test('configured secrets are used and nothing is written', async t => {
  const DATA_DIR = directory(t)
  const resolved = await resolveSecrets(config({ DATA_DIR, JWT_SECRET: secret, CURSOR_SECRET: 'c'.repeat(32) }))
  t.same(resolved.JWT_SECRET, [secret])
  t.same(resolved.CURSOR_SECRET, ['c'.repeat(32)])
  const rotating = config({ DATA_DIR, JWT_SECRET: secret, CURSOR_SECRET: `${'n'.repeat(32)}, ${'c'.repeat(32)}` })
  t.same((await resolveSecrets(rotating)).CURSOR_SECRET, ['n'.repeat(32), 'c'.repeat(32)])
  t.throws(() => readdirSync(DATA_DIR), { code: 'ENOENT' })
})

t.test('the cursor secrets follow from the JWT secrets, in production as well', async t => {
  const other = 'another-secret-for-tests-0123456789'
  const cursorSecrets = async (env: NodeJS.Dict<string>) => (await resolveSecrets(config(env))).CURSOR_SECRET
  const derived = await cursorSecrets({ JWT_SECRET: secret })
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const byRfc5869 = hmac(hmac(Buffer.alloc(32), secret), 'equilux-chat cursor\u0001')
  t.same(derived, [byRfc5869.toString('base64url')])
  const others = await cursorSecrets({ JWT_SECRET: other })
  t.strictNotSame(others, derived)
  t.same(await cursorSecrets({ JWT_SECRET: `${other},${secret}` }), [...others, ...derived])
  t.same(await cursorSecrets({
    NODE_ENV: 'production', JWT_SECRET: secret, CLIENT_URL: 'https://app.example', TABLE_NAME: 'chat', AWS_REGION: 'eu-central-1'
  }), derived)
})

t.test('the webhook secret follows from the first cursor secret where it isn\'t set', async t => {
  const webhookSecret = async (env: NodeJS.Dict<string>) => (await resolveSecrets(config({ JWT_SECRET: secret, ...env }))).WEBHOOK_SECRET
  const [first, second] = ['c'.repeat(32), 'n'.repeat(32)]
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const byRfc5869 = hmac(hmac(Buffer.alloc(32), first), 'equilux-chat webhooks\u0001').toString('base64url')
  t.equal(await webhookSecret({ CURSOR_SECRET: `${first},${second}` }), byRfc5869)
  t.not(await webhookSecret({ CURSOR_SECRET: second }), byRfc5869)
  t.equal(await webhookSecret({ WEBHOOK_SECRET: 'w'.repeat(32) }), 'w'.repeat(32))
})

t.test('with an issuer only the cursor secret is generated and kept', async t => {
  const DATA_DIR = directory(t)
  const resolved = await resolveSecrets(config({ DATA_DIR, ...jwks }))
  t.equal(resolved.JWT_SECRET, undefined)
  t.equal(Buffer.from(resolved.CURSOR_SECRET[0]!, 'base64url').length, 32)
  t.same(readdirSync(DATA_DIR), ['cursor-secret'])
  t.same(await resolveSecrets(config({ DATA_DIR, ...jwks })), resolved)
})

t.test('nothing is generated in production', async t => {
  const DATA_DIR = directory(t)
  await t.rejects(resolveSecrets({ ...config({ DATA_DIR }), NODE_ENV: 'production' }), /must be configured in production/)
  t.throws(() => readdirSync(DATA_DIR), { code: 'ENOENT' })
})
