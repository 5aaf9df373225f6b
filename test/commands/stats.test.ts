import { execFile } from 'node:child_process'
import t, { type Test } from 'tap'
import { parseCommand } from '../../src/commands/stats-command.js'
import { databaseEndpoint, testApp, TestUser } from '../support/helper.js'
import { program } from '../support/program.js'
import { saltOf } from '../support/analytics.js'
import { foldOffers, readFigures } from '../support/naive-figures.js'
import { open, read, respond } from '../support/trades.js'

/** Runs the command in a directory without .env, so that the checkout's takes no part. */
function run (cwd: string, args: string[], env: NodeJS.Dict<string> = {}) {
  return new Promise<{ code: number, stdout: string, stderr: string }>(resolve => {
    execFile(...program('commands/stats', args), {
      cwd, timeout: 300_000, env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...env }
    }, (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }))
  })
}

/** The command on the table of an app. */
async function operator (t: Test) {
  const app = await testApp(t)
  const { DYNAMODB, DYNAMODB_CLIENT, TABLE_NAME } = app.config
  const cwd = t.testdir()
  return { app, run: async (args: string[], env: NodeJS.Dict<string> = {}) => await run(cwd, args, { DYNAMODB, DYNAMODB_CLIENT, TABLE_NAME, ...env }) }
}

t.test('it counts what was never counted, says how far it is and what that took', async t => {
  const { app, run } = await operator(t)
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const offer = await open(alice, bob)
  await respond(bob, offer, { response: 'accept' })
  await alice.say('carol', 'hello')
  t.strictSame(await run(['status']), { code: 0, stdout: 'Nothing is counted yet\n', stderr: '' })
  const { code, stdout, stderr } = await run(['rebuild'])
  t.equal(code, 0, stderr)
  t.match(stdout, /^Generation 2 is shown: 2 conversations are counted, 0 items of former generations removed\. That took \d+ RCU and \d+ WCU\n$/)
  t.match(stderr, /^Generation 2: waiting until every server counts into it as well\nGeneration 2: counting: \d conversations so far\n(Generation 2: counting.*\n)*Generation 2: it is shown; waiting until no server counts into the former one any more\n$/)
  t.strictSame(await readFigures(app, 2), foldOffers([await read(alice, offer)], await saltOf(app)))
  t.strictSame(await run(['status']), { code: 0, stdout: 'Generation 2 is shown\n', stderr: '' })

  const { direct } = app.entities
  await direct.write(direct.statsGeneration.update({ name: 'stats' }, { building: 3 }, { equal: { current: 2 } }))
  t.match((await run(['status'])).stdout, /^Generation 2 is shown, and generation 3 is being built: if nobody is at it any more, rebuild again/)
})

t.test('it is refused where nothing is counted, and where there is no table', async t => {
  const { run: onTable } = await operator(t)
  t.match(await onTable(['rebuild'], { ANALYTICS: 'off' }), { code: 1, stdout: '', stderr: /^ANALYTICS is off here/ })
  const env = { DYNAMODB: await databaseEndpoint(), TABLE_NAME: 'not-there' }
  t.match(await run(t.testdir(), ['status'], env), { code: 1, stdout: '', stderr: 'There is no table not-there; `npm run table` creates it\n' })
})

t.test('what is asked for is clear, or refused', async t => {
  t.strictSame(parseCommand(['rebuild']), { command: 'rebuild', unitsPerSecond: 1000 })
  t.strictSame(parseCommand(['rebuild', '--units', '25']), { command: 'rebuild', unitsPerSecond: 25 })
  t.strictSame(parseCommand(['status']), { command: 'status' })
  t.equal(parseCommand(['--help']), undefined)
  const refused: Array<[reason: RegExp, ...args: string[]]> = [
    [/^One of the commands is needed\n/], [/^One of the commands is needed\n/, 'build'], [/^rebuild takes nothing more\n/, 'rebuild', 'now'],
    ...['0', '1e3', '2.5', '-1', ''].map((units): [RegExp, ...string[]] => [/^--units must be a whole number from 1 to 999999, not "/, 'rebuild', `--units=${units}`]),
    [/^status takes no --units\n/, 'status', '--units', '5'], [/^Unknown option '--fast'/, 'status', '--fast']
  ]
  for (const [message, ...args] of refused) t.throws(() => parseCommand(args), { message }, args.join(' '))
})
