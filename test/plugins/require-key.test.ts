import t, { type Test } from 'tap'
import { createLogger } from '../../src/observability/logger.js'
import { databaseCalls } from '../support/calls.js'
import { intercept, sdkFault } from '../support/faults.js'
import { testApp, TestUser, type TestAppOptions } from '../support/helper.js'
import { registryOf, TestIntegration } from '../support/integrations.js'
import { passTime } from '../support/pass-time.js'
import { refused } from '../support/problem.js'

async function stadtwerke (t: Test, options: TestAppOptions = {}) {
  const app = await testApp(t, options)
  return { app, registry: registryOf(app), machine: await TestIntegration.make(app, ['trades']) }
}

const secretOf = (key: string) => key.slice(-43)

/** Another instance on the same table: it remembers nothing. */
const elsewhere = async (t: Test, { app }: { app: Awaited<ReturnType<typeof testApp>> }, env: Record<string, string> = {}) =>
  await testApp(t, { env: { TABLE_NAME: app.config.TABLE_NAME, ...env } })

t.test('an integration sees its name, its scopes and when its keys end, and never a key', async t => {
  const { app, registry, machine } = await stadtwerke(t)
  const endsAt = Date.now() + 60_000
  const { key, stored } = await registry.addKey(machine.id, endsAt)
  const response = await machine.get('/me')
  t.equal(response.statusCode, 200)
  t.match(response.json(), {
    integrationId: machine.id,
    name: 'Stadtwerke',
    scopes: ['trades'],
    keys: [{ id: machine.keyId, createdAt: String, endsAt: null }, { id: stored.id, createdAt: String, endsAt: new Date(endsAt).toISOString() }]
  })
  t.same(Object.keys(response.json().keys[0]).sort(), ['createdAt', 'endsAt', 'id'])
  for (const shown of [key, machine.key]) {
    const { hash } = (await app.entities.direct.integration.get({ integrationId: machine.id }, { consistent: true }))!.keys[0]!
    for (const part of [secretOf(shown), hash]) t.notOk(response.body.includes(part))
  }
})

t.test('of a key the hash is kept only', async t => {
  const { app, machine } = await stadtwerke(t)
  const item = await app.dynamodb.call('GetItem', { TableName: app.config.TABLE_NAME, Key: { pk: `integration#${machine.id}`, sk: 'integration' } })
  const text = JSON.stringify(item.Item)
  t.match(text, machine.keyId)
  t.notOk(text.includes(secretOf(machine.key)))
  t.match(machine.key, /^eqx_[0-9a-f]{16}_[\w-]{43}$/)
})

t.test('two keys are good at once, and each says which it is', async t => {
  const lines: string[] = []
  const log = createLogger({ LOG_LEVEL: 'info', NODE_ENV: 'production' }, { write: line => { lines.push(line) } })
  const { registry, machine } = await stadtwerke(t, { log })
  const { key, stored } = await registry.addKey(machine.id)
  t.equal((await machine.get('/me')).statusCode, 200)
  t.equal((await machine.withKey(key, stored.id).get('/me')).statusCode, 200)
  await t.rejects(registry.addKey(machine.id), { message: new RegExp(`^2 keys of ${machine.id} are valid already, ${machine.keyId} and ${stored.id}: revoke one first`) })
  const requests = lines.map(line => JSON.parse(line)).filter(({ route }) => route !== undefined)
  t.match(requests, [
    { route: '/api/integrations/me', status: 200, integrationId: machine.id, keyId: machine.keyId },
    { route: '/api/integrations/me', status: 200, integrationId: machine.id, keyId: stored.id }
  ])
  for (const secret of [key, machine.key]) t.notOk(lines.join('').includes(secretOf(secret)))
})

// Of the last character two bits say nothing: the next one in the alphabet stands for the same bytes.
t.test('whatever is wrong with a key, the refusal is the same', async t => {
  const { app, registry, machine } = await stadtwerke(t)
  const other = await TestIntegration.make(app, ['trades'])
  const [disabled, ended, revoked] = [await TestIntegration.make(app, []), await TestIntegration.make(app, [], { endsAt: Date.now() }), await TestIntegration.make(app, [])]
  await registry.setDisabled(disabled.id, true)
  await registry.revokeKey(revoked.id, revoked.keyId)
  const secret = secretOf(machine.key)
  const keys: Record<string, string> = {
    'of nobody': `eqx_${'0'.repeat(16)}_${secret}`,
    'with another secret': `eqx_${machine.id}_${'A'.repeat(43)}`,
    'with another integration\'s secret': `eqx_${other.id}_${secret}`,
    'with another spelling of the secret': `${machine.key.slice(0, -1)}${String.fromCharCode(machine.key.charCodeAt(63) + 1)}`,
    'in capitals': machine.key.toUpperCase(),
    'too short': machine.key.slice(0, -1),
    'too long': `${machine.key}A`,
    empty: '',
    'a user\'s token': new TestUser(app, 'alice').token,
    'of a disabled integration': disabled.key,
    'that has ended': ended.key,
    'that was revoked': revoked.key
  }
  const bodies = new Set<string>()
  for (const [name, key] of Object.entries(keys)) {
    const response = await app.inject({ url: '/api/integrations/me', headers: { authorization: `Bearer ${key}`, 'x-request-id': 'same' } })
    refused(t, response, 'key_invalid', name)
    t.equal(response.headers['www-authenticate'], 'Bearer realm="equilux-chat", error="invalid_token"', name)
    if (key !== '') bodies.add(response.body)
  }
  t.equal(bodies.size, 1, 'nothing tells them apart')
  for (const headers of [{}, { authorization: 'Basic YWxpY2U6YWxpY2U=' }, { 'x-api-key': machine.key }]) {
    const response = await app.inject({ url: '/api/integrations/me', headers })
    refused(t, response, 'token_missing')
    t.equal(response.headers['www-authenticate'], 'Bearer realm="equilux-chat"')
  }
  t.equal((await machine.get('/me')).statusCode, 200)
})

t.test('a key is no user\'s token', async t => {
  const { app, machine } = await stadtwerke(t)
  for (const url of ['/api/messages/users', '/api/messages/bob', '/api/events']) refused(t, await machine.request({ url }), 'token_invalid', url)
  t.equal((await new TestUser(app, 'alice').get('/users')).statusCode, 200)
})

t.test('a key ends at its time, not one millisecond late, though it is remembered', async t => {
  const app = await testApp(t)
  const start = Date.now()
  let passed = 0
  t.intercept(Date, 'now', { value: () => start + passed })
  const machine = await TestIntegration.make(app, [], { endsAt: start + 5000 })
  t.equal((await machine.get('/me')).statusCode, 200)
  passed = 4999
  t.equal((await machine.get('/me')).statusCode, 200)
  passed = 5000
  refused(t, await machine.get('/me'), 'key_invalid')
})

t.test('what is done to keys works within 15 s on every instance', async t => {
  const there = await stadtwerke(t)
  const { registry, machine } = there
  const app = await elsewhere(t, there)
  const pass = passTime(t)
  const ask = async (key = machine.key) => (await app.inject({ url: '/api/integrations/me', headers: { authorization: `Bearer ${key}` } })).statusCode
  t.equal(await ask(), 200)
  await registry.setDisabled(machine.id, true)
  pass(15_000)
  t.equal(await ask(), 401, 'disabled')
  await registry.setDisabled(machine.id, false)
  pass(1000)
  t.equal(await ask(), 200, 'enabled again after a second')
  const { key } = await registry.addKey(machine.id)
  pass(1000)
  t.equal(await ask(key), 200, 'a new key after a second')
  await registry.revokeKey(machine.id, machine.keyId)
  pass(15_000)
  t.equal(await ask(), 401, 'revoked')
  t.equal(await ask(key), 200, 'the other key is as good as before')
})

t.test('an integration is read once in 15 s, by however many requests, and what is made up costs no more', async t => {
  const there = await stadtwerke(t)
  const { machine } = there
  const app = await elsewhere(t, there)
  const calls = databaseCalls(t, app)
  const pass = passTime(t)
  const holder = async (key = machine.key) => {
    const [, integrationId = '', secret = ''] = /^eqx_(\w{16})_(.*)$/.exec(key)!
    return await app.services.keyring.holderOf({ integrationId, secret })
  }
  t.strictSame(await calls(async () => await Promise.all(Array.from({ length: 20 }, async () => await holder()))), ['GetItem'])
  pass(14_000)
  t.strictSame(await calls(holder), [])
  const guess = `eqx_${machine.id}_${'A'.repeat(43)}`
  t.strictSame(await calls(async () => await holder(guess)), ['GetItem'], 'a key that isn\'t known may be new')
  t.strictSame(await calls(async () => { for (let n = 0; n < 10; n++) await holder(guess) }), [], 'but is looked for once a second')
  pass(15_000)
  t.strictSame(await calls(holder), ['GetItem'])
  t.strictSame(await calls(async () => await app.inject({ url: '/api/integrations/me', headers: { authorization: 'Bearer eqx_1_2' } })), [], 'nor is what can\'t be a key')
})

t.test('who has no good key is counted by address, and whoever has one isn\'t affected', async t => {
  const there = await stadtwerke(t)
  const { machine } = there
  const app = await elsewhere(t, there, { RATE_LIMIT_MAX: '2' })
  const ask = async (remoteAddress: string, key?: string) => await app.inject({
    url: '/api/integrations/me', remoteAddress, ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } })
  })
  t.equal((await ask('192.0.2.1', machine.key)).statusCode, 200)
  refused(t, await ask('192.0.2.1'), 'token_missing')
  refused(t, await ask('192.0.2.1', `eqx_${machine.id}_${'A'.repeat(43)}`), 'key_invalid')
  for (const key of [undefined, 'x', `eqx_${machine.id}_${'A'.repeat(43)}`]) {
    const response = await ask('192.0.2.1', key)
    refused(t, response, 'rate_limited')
    t.match(response.headers['retry-after'], /^[1-9]\d?$/)
  }
  t.equal((await ask('192.0.2.1', machine.key)).statusCode, 200)
  refused(t, await ask('192.0.2.2', 'x'), 'key_invalid', 'another address')
  const calls = databaseCalls(t, app)
  t.strictSame(await calls(async () => {
    refused(t, await ask('192.0.2.1', `eqx_${'0'.repeat(16)}_${'A'.repeat(43)}`), 'rate_limited', 'an id that was never seen')
  }), [], 'it causes no read')
})

t.test('an integration may make so many requests a minute, with all of its keys together', async t => {
  const { app, registry, machine } = await stadtwerke(t, { env: { INTEGRATION_RATE_LIMIT_MAX: '3' } })
  const { key, stored } = await registry.addKey(machine.id)
  const second = machine.withKey(key, stored.id)
  for (const [n, caller] of [machine, second, machine].entries()) {
    const { statusCode, headers } = await caller.get('/me')
    t.equal(statusCode, 200)
    t.match(headers, { 'ratelimit-limit': '3', 'ratelimit-remaining': String(2 - n), 'ratelimit-reset': /^\d+$/ })
  }
  for (const caller of [machine, second]) {
    const response = await caller.get('/me')
    refused(t, response, 'rate_limited')
    t.match(response.headers, { 'retry-after': /^[1-9]\d?$/, 'ratelimit-limit': '3', 'ratelimit-remaining': '0' })
  }
  t.equal((await (await TestIntegration.make(app, [])).get('/me')).statusCode, 200, 'another integration')
  t.equal((await new TestUser(app, 'alice').get('/users')).statusCode, 200, 'users')
})

t.test('a limit of 0 turns it off, and users\' limit is none of integrations', async t => {
  const { machine } = await stadtwerke(t, { env: { INTEGRATION_RATE_LIMIT_MAX: '0', RATE_LIMIT_MAX: '1' } })
  for (let n = 0; n < 5; n++) {
    const { statusCode, headers } = await machine.get('/me')
    t.equal(statusCode, 200)
    t.notOk(headers['ratelimit-limit'])
  }
})

t.test('while the database is away nobody is told that the key is wrong', async t => {
  const there = await stadtwerke(t)
  const app = await elsewhere(t, there)
  const away = intercept(t, app, 'GetItem', async () => { throw sdkFault('InternalServerError', 500) })
  const ask = async () => await app.inject({ url: '/api/integrations/me', headers: { authorization: `Bearer ${there.machine.key}` } })
  refused(t, await ask(), 'database_unavailable')
  away.remove()
  t.equal((await ask()).statusCode, 200, 'a failure isn\'t remembered')
})
