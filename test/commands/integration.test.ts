import { execFile } from 'node:child_process'
import t, { type Test } from 'tap'
import { parseCommand } from '../../src/commands/integration-command.js'
import { UsageError } from '../../src/commands/run.js'
import { databaseEndpoint, testApp } from '../support/helper.js'
import { passTime } from '../support/pass-time.js'
import { program } from '../support/program.js'
import { start } from '../support/server-process.js'

/** Runs the command in a directory without .env, so that the checkout's takes no part. */
function run (cwd: string, args: string[], env: NodeJS.Dict<string> = {}) {
  return new Promise<{ code: number, stdout: string, stderr: string }>(resolve => {
    execFile(...program('commands/integration', args), {
      cwd, timeout: 120_000, env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...env }
    }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }))
  })
}

/** The command on the table of an app, and what becomes of its keys there. */
async function operator (t: Test) {
  const app = await testApp(t)
  const env = { DYNAMODB: app.config.DYNAMODB, TABLE_NAME: app.config.TABLE_NAME }
  const cwd = t.testdir()
  return {
    pass: passTime(t),
    run: async (...args: string[]) => await run(cwd, args, env),
    ask: async (key: string) => await app.inject({ url: '/api/integrations/me', headers: { authorization: `Bearer ${key.trim()}` } })
  }
}

t.test('the key is all that a program gets of a new integration, and the server accepts it', async t => {
  const { run, ask } = await operator(t)
  const { code, stdout, stderr } = await run('create', 'Stadtwerke', '--scopes', 'trades,messages')
  t.equal(code, 0)
  t.match(stdout, /^eqx_[0-9a-f]{16}_[\w-]{43}\n$/)
  const [, id] = stdout.split('_')
  t.match(stderr, new RegExp(`^Stadtwerke: integration ${id}, with the scopes trades, messages\nKey [0-9a-f]{8}, without an end, shown this once:\n$`))
  const response = await ask(stdout)
  t.equal(response.statusCode, 200)
  t.match(response.json(), { integrationId: id, name: 'Stadtwerke', scopes: ['trades', 'messages'], keys: [{ endsAt: null }] })
})

t.test('keys are exchanged without a gap: the new one is made, then the old one revoked', async t => {
  const { run, ask, pass } = await operator(t)
  const old = (await run('create', 'Stadtwerke', '--scopes', 'trades', '--ends', '2099-01-01T00:00:00+01:00')).stdout
  const [, id = ''] = old.split('_')
  const added = await run('keys', 'add', id)
  t.equal(added.code, 0)
  t.match(added.stderr, /^Key [0-9a-f]{8}, without an end, shown this once:\n$/)
  for (const key of [old, added.stdout]) t.equal((await ask(key)).statusCode, 200)

  const third = await run('keys', 'add', id)
  t.match(third, { code: 1, stdout: '', stderr: /^2 keys of [0-9a-f]{16} are valid already, [0-9a-f]{8} and [0-9a-f]{8}: revoke one first\n$/ })

  const { stdout: list } = await run('list')
  const [, first = '', second = ''] = new RegExp(`^${id}  Stadtwerke  trades\n {2}key (\\w{8}), made \\d\\S+Z, until 2098-12-31T23:00:00.000Z\n {2}key (\\w{8}), made \\d\\S+Z, without an end\n$`).exec(list) ?? []
  t.match(added.stderr, second, 'in the order in which they were made')
  t.notOk(list.includes(old.slice(-44, -1)))

  t.match(await run('keys', 'revoke', id, first), { code: 0, stdout: `Key ${first} is revoked: it is refused within 15 s\n`, stderr: '' })
  pass(15_000)
  t.equal((await ask(old)).statusCode, 401)
  t.equal((await ask(added.stdout)).statusCode, 200)
  t.match(await run('keys', 'revoke', id, first), { code: 1, stdout: '', stderr: `${id} has no key ${first}\n` })
  t.equal((await run('keys', 'add', id)).code, 0)
})

t.test('an integration is disabled, and enabled again, with its keys', async t => {
  const { run, ask, pass } = await operator(t)
  const key = (await run('create', 'Stadtwerke', '--scopes', 'trades')).stdout
  const [, id = ''] = key.split('_')
  t.equal((await ask(key)).statusCode, 200)
  t.match(await run('disable', id), { code: 0, stdout: `Integration ${id} is disabled: its keys are refused within 15 s\n` })
  pass(15_000)
  t.equal((await ask(key)).statusCode, 401)
  t.match((await run('list')).stdout, `${id}  Stadtwerke  trades  disabled\n`)
  t.equal((await run('enable', id)).code, 0)
  pass(1000)
  t.equal((await ask(key)).statusCode, 200)
})

t.test('it works on the embedded database, whether or not a server runs with it', async t => {
  const folder = t.testdir()
  const env = { DATA_DIR: 'data', LOG_LEVEL: 'debug' }
  t.equal((await run(folder, ['list'], env)).stdout, 'There are no integrations\n')
  const before = await run(folder, ['create', 'Before', '--scopes', 'trades'], env)
  t.equal(before.code, 0)
  t.match(before.stdout, /^eqx_\S+\n$/, 'and nothing of a log')
  const { url } = await start(t, folder)
  const during = await run(folder, ['create', 'During', '--scopes', 'messages'], env)
  t.equal(during.code, 0, during.stderr)
  for (const { stdout } of [before, during]) {
    const response = await fetch(`${url}/api/integrations/me`, { headers: { authorization: `Bearer ${stdout.trim()}` } })
    t.equal(response.status, 200)
  }
  const { stdout } = await run(folder, ['list'], env)
  t.match(stdout, '  Before  trades\n')
  t.match(stdout, '  During  messages\n')
  t.equal((await fetch(`${url}/ready`)).status, 200, 'the server has its database as before')
})

t.test('help is printed on demand', async t => {
  const { code, stdout } = await run(t.testdir(), ['--help'])
  t.equal(code, 0)
  t.match(stdout, 'npm run integration -- <command>')
})

t.test('a command line that asks for nothing that there is is refused with the reason', async t => {
  const id = '0123456789abcdef'
  const table: Array<[args: string[], reason: RegExp]> = [
    [[], /One of the commands is needed/],
    [['delete', id], /One of the commands is needed/],
    [['toString'], /One of the commands is needed/],
    [['keys'], /One of the commands is needed/],
    [['keys', 'list'], /One of the commands is needed/],
    [['create'], /create takes <name>/],
    [['create', 'one', 'two', '--scopes', 'trades'], /create takes <name>/],
    [['list', 'all'], /list takes nothing more/],
    [['keys', 'revoke', id], /keys revoke takes <id> <key id>/],
    [['list', '--scopes', 'trades'], /list takes no --scopes/],
    [['keys', 'add', id, '--scopes', 'trades'], /keys add takes no --scopes/],
    [['create', 'Stadtwerke'], /--scopes must be any of trades, messages, settlement, moderation/],
    [['create', 'Stadtwerke', '--scopes', ' , '], /--scopes must be any of/],
    [['create', 'Stadtwerke', '--scopes', 'trades,admin'], /not "admin"/],
    [['create', 'Stadtwerke', '--admin'], /--admin/],
    [['create', ' ', '--scopes', 'trades'], /A name is one line/],
    [['create', 'Stadt\u202ewerke', '--scopes', 'trades'], /A name is one line/],
    [['create', 'x'.repeat(101), '--scopes', 'trades'], /A name is one line/],
    [['create', 'Stadtwerke', '--scopes', 'trades', '--ends', 'tomorrow'], /--ends must be a time to come, such as .*, not "tomorrow"/],
    [['create', 'Stadtwerke', '--scopes', 'trades', '--ends', '2020-01-01T00:00:00Z'], /--ends must be a time to come/],
    [['create', 'Stadtwerke', '--scopes', 'trades', '--ends', '2099-13-01T00:00:00Z'], /--ends must be a time to come/]
  ]
  for (const [args, reason] of table) {
    t.throws(() => parseCommand(args), { constructor: UsageError, message: reason }, args.join(' ').slice(0, 60))
  }
})

t.test('nothing but a reason is printed of what can\'t be done', async t => {
  const id = '0123456789abcdef'
  const env = { DYNAMODB: await databaseEndpoint(), TABLE_NAME: (await testApp(t)).config.TABLE_NAME }
  const table: Array<[args: string[], reason: RegExp, env?: NodeJS.Dict<string>]> = [
    [[], /One of the commands is needed/],
    [['create', 'Stadtwerke', '--admin'], /--admin/],
    [['keys', 'add', id], /There is no integration 0123456789abcdef/, env],
    [['keys', 'revoke', id, 'x'], /There is no integration 0123456789abcdef/, env],
    [['disable', id], /There is no integration 0123456789abcdef/, env],
    [['enable', id], /There is no integration 0123456789abcdef/, env],
    [['list'], /There is no table no-such-table; `npm run table` creates it/, { ...env, TABLE_NAME: 'no-such-table' }],
    [['list'], /AWS_REGION/, { AWS_REGION: 'nowhere' }]
  ]
  t.jobs = 4
  for (const [args, reason, given] of table) {
    t.test(`integration ${args.join(' ').slice(0, 60)} ${given?.TABLE_NAME ?? ''}`, { buffered: true }, async t => {
      const { code, stdout, stderr } = await run(t.testdir(), args, given)
      t.equal(code, 1)
      t.equal(stdout, '')
      t.match(stderr, reason)
      t.notMatch(stderr, /^ {4}at /m, 'no stack')
    })
  }
})
