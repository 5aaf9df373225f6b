import { execFile } from 'node:child_process'
import { join } from 'node:path'
import fastify from 'fastify'
import { decodeJwt, jwtVerify } from 'jose'
import t from 'tap'
import { loadConfig } from '../../src/config/environment.js'
import { resolveSecrets } from '../../src/config/secrets.js'
import auth from '../../src/plugins/auth.js'
import config from '../../src/plugins/config.js'
import { program } from '../support/program.js'

const secret = 'a-secret-for-tests-0123456789abcdef'

/** Runs the command in a directory without .env, so that the checkout's takes no part. */
function run (cwd: string, args: string[], env: NodeJS.Dict<string> = {}) {
  return new Promise<{ code: number, stdout: string, stderr: string }>(resolve => {
    execFile(...program('commands/token', args), { cwd, timeout: 60_000, env: { PATH: process.env.PATH, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }))
  })
}

t.test('the token is all that is printed and the server with the same configuration accepts it', async t => {
  const cwd = t.testdir()
  const { code, stdout, stderr } = await run(cwd, ['alice'])
  t.equal(code, 0)
  t.equal(stderr, '')
  t.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  const app = fastify()
  app.register(config, { config: await resolveSecrets(loadConfig({ DATA_DIR: join(cwd, '.data') })) })
  app.register(auth)
  t.teardown(() => app.close())
  await app.ready()
  const { expiresAt, signedInAt = 0, ...identity } = await app.authenticate(stdout.trim())
  t.same(identity, { userId: 'alice', username: 'alice' })
  t.ok(Math.abs(expiresAt - Date.now() - 12 * 3_600_000) < 60_000, '12 h')
  t.equal(expiresAt - signedInAt, 12 * 3_600_000)
})

t.test('name, duration, issuer and audience go into the token', async t => {
  const { stdout } = await run(t.testdir(), ['alice', '--name', 'Alice Example', '--expires', '7d'],
    { JWT_SECRET: secret, JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'equilux' })
  const { payload } = await jwtVerify(stdout.trim(), Buffer.from(secret), { issuer: 'https://issuer.example', audience: 'equilux' })
  t.match(payload, { sub: 'alice', name: 'Alice Example' })
  t.equal(payload.exp! - payload.iat!, 7 * 86_400)
})

t.test('durations are in seconds, minutes or hours too', async t => {
  const cwd = t.testdir()
  const durations = await Promise.all(['30s', '15m', '2h'].map(async expires => {
    const { stdout } = await run(cwd, ['alice', '--expires', expires], { JWT_SECRET: secret })
    const { exp, iat } = decodeJwt(stdout.trim())
    return exp! - iat!
  }))
  t.same(durations, [30, 900, 7200])
})

t.test('help is printed on demand', async t => {
  const { code, stdout } = await run(t.testdir(), ['--help'])
  t.equal(code, 0)
  t.match(stdout, 'npm run token -- <user id>')
})

t.test('nothing but a reason is printed', async t => {
  const issuer = { JWT_JWKS_URL: 'https://issuer.example/jwks.json', JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'equilux' }
  const table: Array<[name: string, args: string[], env: NodeJS.Dict<string>, reason: RegExp]> = [
    ['in production', ['alice'], { NODE_ENV: 'production', JWT_SECRET: secret }, /production/],
    ['with an issuer', ['alice'], issuer, /https:\/\/issuer\.example/],
    ['without a user id', [], {}, /One user id is needed/],
    ['with two user ids', ['alice', 'bob'], {}, /One user id is needed/],
    ['with a bad user id', ['al#ice'], {}, /"al#ice" can't be used/],
    ['with a reserved user id', ['users'], {}, /reserved/],
    ['with an unknown option', ['alice', '--admin'], {}, /--admin/],
    ['with a bad duration', ['alice', '--expires', '12'], {}, /--expires must be like/],
    ['with no duration', ['alice', '--expires', '0s'], {}, /--expires must be like/],
    ['with a bad configuration', ['alice'], { JWT_SECRET: 'short' }, /JWT_SECRET must have at least 32 bytes/]
  ]
  t.jobs = 4
  for (const [name, args, env, reason] of table) {
    t.test(name, { buffered: true }, async t => {
      const { code, stdout, stderr } = await run(t.testdir(), args, env)
      t.equal(code, 1)
      t.equal(stdout, '')
      t.match(stderr, reason)
      t.notMatch(stderr, /^ {4}at /m, 'no stack')
    })
  }
})
