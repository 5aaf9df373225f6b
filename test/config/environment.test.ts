import { join } from 'node:path'
import t from 'tap'
import { ConfigError, exampleSecret, loadConfig, readEnvironment } from '../../src/config/environment.js'

const secret = 'a secret of at least thirty-two bytes'
const production = {
  NODE_ENV: 'production', JWT_SECRET: secret, CLIENT_URL: 'https://app.example.com', AWS_REGION: 'eu-west-1', TABLE_NAME: 'equilux-chat'
}
const issuer = { JWT_JWKS_URL: 'https://issuer.example/keys', JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'chat' }

/** What is wrong with an environment. */
function problemsOf (env: NodeJS.Dict<string>): string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

t.test('nothing needs to be set in development', async t => {
  t.strictSame({ ...loadConfig({}) }, {
    NODE_ENV: 'development',
    PORT: 8080,
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    TRUST_PROXY: undefined,
    CLIENT_URL: ['*'],
    JWT_SECRET: undefined,
    CURSOR_SECRET: undefined,
    WEBHOOK_ALLOW: undefined,
    ATTACHMENTS: 'embedded',
    ATTACHMENT_MAX_MIB: 10,
    ATTACHMENT_SCAN: 'off',
    ANALYTICS: 'on',
    STATS_K: 5,
    MARKET_GRANULARITY: 'hour',
    DYNAMODB: 'embedded',
    DYNAMODB_CLIENT: 'lean',
    AWS_REGION: 'eu-central-1',
    TABLE_NAME: 'equilux-chat',
    DATA_DIR: '.data',
    DEFAULT_CURRENCY: 'EUR',
    DEFAULT_LOCALE: 'en',
    FIRST_CONTACT: 'replies',
    ERASURE_GRACE_DAYS: 30,
    RATE_LIMIT_MAX: 600,
    WORKER: 'on',
    INTEGRATION_RATE_LIMIT_MAX: 6000,
    WEB_APP: 'on',
    OIDC_ORIGINS: undefined,
    EMBED_ORIGINS: undefined,
    SSE_MAX_SECONDS: 110,
    SHUTDOWN_GRACE_SECONDS: 25
  })
})

t.test('an empty value counts as unset', async t => {
  const names = Object.keys(loadConfig({}))
  for (const empty of ['', ' ', '\t']) {
    t.strictSame(loadConfig(Object.fromEntries(names.map(name => [name, empty]))), loadConfig({}))
  }
})

t.test('variables of other programs are left alone', async t => {
  t.strictSame(loadConfig({ PATH: '/bin', __proto__: 'x', constructor: 'x', toString: 'x' } as never), loadConfig({}))
})

t.test('numbers and lists are read', async t => {
  t.match(loadConfig({
    PORT: '0',
    RATE_LIMIT_MAX: '0',
    CLIENT_URL: ' https://a.example , http://localhost:5173,',
    JWT_SECRET: `${secret}, ${secret}2`,
    TRUST_PROXY: '10.0.0.0/8, 127.0.0.1',
    WEBHOOK_ALLOW: '10.20.0.0/16, fd00::/8,'
  }), {
    PORT: 0,
    RATE_LIMIT_MAX: 0,
    CLIENT_URL: ['https://a.example', 'http://localhost:5173'],
    JWT_SECRET: [secret, `${secret}2`],
    TRUST_PROXY: ['10.0.0.0/8', '127.0.0.1'],
    WEBHOOK_ALLOW: ['10.20.0.0/16', 'fd00::/8']
  })
})

t.test('a value that can not be used is refused under its name', async t => {
  const values: Record<string, string[]> = {
    NODE_ENV: ['prod', 'Production'],
    PORT: ['x', '-1', '65536', '80.5', '0x', 'Infinity'],
    LOG_LEVEL: ['verbose', 'INFO'],
    CLIENT_URL: ['app.example.com', 'https://app.example.com/', 'https://app.example.com/path', 'https://*.example.com', 'https://a.example,b'],
    JWT_SECRET: ['short', `${secret},short`, ',', 'x'.repeat(31)],
    JWT_JWKS_URL: ['ftp://issuer.example', 'issuer.example', 'https://'],
    CURSOR_SECRET: ['short', `${secret},short`, ' , '],
    WEBHOOK_SECRET: ['short', 'x'.repeat(31)],
    WEBHOOK_ALLOW: ['10.0.0.0', '10.0.0.0/33', 'internal', '10.0.0.0/8,::1'],
    WEB_APP: ['yes', 'true'],
    OIDC_AUTHORITY: ['issuer.example', 'ftp://issuer.example', 'https://', 'https://a b'],
    OIDC_ORIGINS: ['*', 'https://issuer.example/', '\'self\'', 'https://a.example;script-src *', 'https://a.example *'],
    EMBED_ORIGINS: ['*', 'portal.example', 'https://portal.example/app', 'https://*.example', 'https://a.example; frame-src *'],
    WEBHOOK_PROXY: ['proxy:4750', 'socks5://proxy', 'http://', 'http://a b'],
    ATTACHMENTS: ['on', 's3://', 's3://A', 's3://files/folder', 's3://files?endpoint=s3.example', 's3://files?endpoint=https://s3.example/x', 's3://files?endpoint=http://'],
    ATTACHMENT_MAX_MIB: ['0', '101', '1.5', 'x'],
    ATTACHMENT_SCAN: ['on', 'tag', 'clamd://', 'clamd://scanner', 'clamd://scanner:0x1', 'clamd://scanner:65536'],
    ANALYTICS: ['yes', 'true', 'On'],
    STATS_K: ['4', '0', '5.5', 'few', '1001'],
    MARKET_GRANULARITY: ['quarterHour', 'month', 'Hour'],
    DYNAMODB: ['local', 'AWS', 'http://', 'localhost:8000'],
    AWS_REGION: ['europe', 'eu-central-1a', 'EU-CENTRAL-1'],
    REDIS_URL: ['localhost:6379', 'http://localhost', 'redis://', 'redis://a b'],
    TABLE_NAME: ['ab', 'a b', 'x'.repeat(256), 'a/b'],
    DEFAULT_CURRENCY: ['eur', 'EURO', 'ABC'],
    ERASURE_GRACE_DAYS: ['-1', 'many', '1.5', '366'],
    RATE_LIMIT_MAX: ['-1', 'many', '1.5', 'Infinity', '-Infinity', '1e999'],
    INTEGRATION_RATE_LIMIT_MAX: ['-1', 'many', '1.5'],
    SHUTDOWN_GRACE_SECONDS: ['0', '601', 'x']
  }
  for (const [name, bad] of Object.entries(values)) {
    for (const value of bad) {
      const problems = problemsOf({ ...(name.startsWith('JWT_JWKS') && issuer), [name]: value })
      t.ok(problems.some(problem => problem.startsWith(name)), `${name}=${value.slice(0, 40)}`, { problems })
    }
  }
})

t.test('Redis is optional, and may be encrypted', async t => {
  t.equal(loadConfig({}).REDIS_URL, undefined)
  for (const url of ['redis://localhost', 'redis://user:secret@cache.example:6380/2', 'rediss://cache.example:6379']) {
    t.equal(loadConfig({ REDIS_URL: url }).REDIS_URL, url)
  }
})

t.test('attachments are kept here in development, in production where one says, and looked at by whom one says', async t => {
  t.equal(loadConfig(production).ATTACHMENTS, 'off')
  for (const where of ['s3://files', 's3://my.files?endpoint=https://s3.example:9000']) {
    t.match(loadConfig({ ...production, ATTACHMENTS: where, ATTACHMENT_SCAN: 'tag' }), { ATTACHMENTS: where, ATTACHMENT_SCAN: 'tag' })
  }
  t.equal(loadConfig({ ATTACHMENT_SCAN: 'clamd://scanner.example:3310' }).ATTACHMENT_SCAN, 'clamd://scanner.example:3310')
})

t.test('32 bytes are enough for a secret, whatever characters they make', async t => {
  t.same(problemsOf({ JWT_SECRET: 'x'.repeat(32) }), [])
  t.same(problemsOf({ JWT_SECRET: 'ü'.repeat(16) }), [])
})

t.test('only in production it listens to more than this machine, unless told otherwise', async t => {
  t.equal(loadConfig({ NODE_ENV: 'test' }).HOST, '127.0.0.1')
  t.equal(loadConfig(production).HOST, '0.0.0.0')
  for (const env of [{}, production]) t.equal(loadConfig({ ...env, HOST: '192.0.2.1' }).HOST, '192.0.2.1')
})

t.test('every problem is told at once', async t => {
  const problems = problemsOf({
    NODE_ENV: 'production', PORT: 'x', LOG_LEVEL: 'loud', JWT_SECRET: 'short', CLIENT_URL: '*', DYNAMODB: 'embedded'
  })
  for (const name of ['PORT', 'LOG_LEVEL', 'JWT_SECRET', 'CLIENT_URL', 'DYNAMODB', 'TABLE_NAME']) {
    t.equal(problems.filter(problem => problem.startsWith(name)).length, 1, name)
  }
  const error = new ConfigError(problems)
  t.equal(error.message.split('\n').length, problems.length + 1)
  t.match(error.message, `The configuration has ${problems.length} problems:`)
  t.match(new ConfigError(['one']).message, 'has 1 problem:')
})

t.test('a secret is never repeated', async t => {
  for (const given of ['hunter2', `${secret},hunter2`, exampleSecret]) {
    t.notMatch(problemsOf({ ...production, JWT_SECRET: given, CURSOR_SECRET: 'hunter2', WEBHOOK_SECRET: 'hunter2' }).join(), /hunter2|change-me/)
  }
})

t.test('production starts with what it needs', async t => {
  t.match(loadConfig(production), { DYNAMODB: 'aws', AWS_REGION: 'eu-west-1', CLIENT_URL: ['https://app.example.com'], JWT_SECRET: [secret] })
  const { JWT_SECRET: _, ...withIssuer } = { ...production, ...issuer, CURSOR_SECRET: 'c'.repeat(32) }
  t.match(loadConfig(withIssuer), issuer)
  t.match(loadConfig({ ...production, DYNAMODB: 'http://dynamodb:8000', AWS_REGION: '' }), { DYNAMODB: 'http://dynamodb:8000' })
})

t.test('production refuses what would be unsafe', async t => {
  const unsafe: Array<[change: NodeJS.Dict<string>, problem: RegExp]> = [
    [{ JWT_SECRET: '' }, /^JWT_SECRET or JWT_JWKS_URL is required/],
    [{ JWT_SECRET: 'short' }, /^JWT_SECRET must have at least 32 bytes/],
    [{ JWT_SECRET: exampleSecret }, /^JWT_SECRET is the example/],
    [{ JWT_SECRET: `${secret},${exampleSecret}` }, /^JWT_SECRET is the example/],
    [{ CLIENT_URL: '' }, /^CLIENT_URL must list/],
    [{ CLIENT_URL: '*' }, /^CLIENT_URL must list/],
    [{ CLIENT_URL: 'https://app.example.com,*' }, /^CLIENT_URL must list/],
    [{ DYNAMODB: 'embedded' }, /^DYNAMODB/],
    [{ ATTACHMENTS: 'embedded' }, /^ATTACHMENTS/],
    [{ AWS_REGION: '' }, /^AWS_REGION/],
    [{ TABLE_NAME: '' }, /^TABLE_NAME/],
    [{ ...issuer }, /^JWT_SECRET and JWT_JWKS_URL exclude/],
    [{ ...issuer, JWT_SECRET: '' }, /^CURSOR_SECRET is required/],
    [{ ...issuer, JWT_SECRET: '', CURSOR_SECRET: 'c'.repeat(32), JWT_JWKS_URL: 'http://issuer.example/keys' }, /^JWT_JWKS_URL must be https/]
  ]
  for (const [change, problem] of unsafe) {
    const problems = problemsOf({ ...production, ...change })
    t.ok(problems.some(one => problem.test(one)), String(problem), { problems })
  }
})

t.test('who signs people in to the web app also signs the tokens that are verified', async t => {
  const oidc = { OIDC_AUTHORITY: 'https://issuer.example', OIDC_CLIENT_ID: 'chat' }
  t.same(problemsOf({ ...issuer, ...oidc, OIDC_ORIGINS: 'https://login.example, https://api.example' }), [])
  t.match(problemsOf({ ...issuer, OIDC_CLIENT_ID: 'chat' }), [/^OIDC_AUTHORITY is required/])
  t.match(problemsOf({ ...issuer, OIDC_AUTHORITY: 'https://issuer.example' }), [/^OIDC_CLIENT_ID is required/])
  t.match(problemsOf(oidc), [/^JWT_JWKS_URL is required/])
  const { JWT_SECRET: _, ...withIssuer } = { ...production, ...issuer, CURSOR_SECRET: 'c'.repeat(32) }
  t.same(problemsOf({ ...withIssuer, ...oidc }), [])
  t.match(problemsOf({ ...withIssuer, ...oidc, OIDC_AUTHORITY: 'http://issuer.example' }), [/^OIDC_AUTHORITY must be https/])
})

t.test('tokens of an issuer are checked for issuer and audience', async t => {
  t.match(problemsOf({ JWT_JWKS_URL: issuer.JWT_JWKS_URL }), [/^JWT_ISSUER/, /^JWT_AUDIENCE/])
})

t.test('the environment comes before the .env file', async t => {
  const dir = t.testdir({ '.env': '# a comment\nPORT=1\nEQUILUX_TEST_ONLY="from the file"\n', folder: {}, path: 'PATH=from the file' })
  const environment = readEnvironment(join(dir, '.env'))
  t.equal(environment.EQUILUX_TEST_ONLY, 'from the file')
  t.equal(environment.PATH, process.env.PATH)
  t.equal(readEnvironment(join(dir, 'path')).PATH, process.env.PATH)
  t.same(readEnvironment(join(dir, 'absent')), process.env)
  t.throws(() => readEnvironment(join(dir, 'folder')), { code: 'EISDIR' })
})
