import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { processesWith } from '../support/processes.js'

const log = pino({ level: 'silent' })
const Key = { id: { S: 'one' } }

t.test('data survives a restart', async t => {
  const dataDir = join(t.testdir(), 'data')
  const first = await startEmbeddedDynamoDB({ dataDir, log })
  await writeItem(t, first.endpoint)
  await first.close()
  t.same(processesOf(dataDir), [], 'no process is left')
  t.notOk(existsSync(join(dataDir, 'dynamodb.pid')), 'the folder is free')
  t.equal(statSync(dataDir).mode & 0o777, 0o700, 'the folder is its owner’s alone')

  const second = await start(t, dataDir)
  t.same(await readItem(t, second.endpoint), Key)
})

t.test('close may be called twice, and leaves nothing that would keep the process alive', async t => {
  const before = process.getActiveResourcesInfo().length
  const engine = await startEmbeddedDynamoDB({ dataDir: t.testdir(), log })
  await Promise.all([engine.close(), engine.close()])
  await engine.close()
  await until(() => process.getActiveResourcesInfo().length <= before)
})

t.test('a second start on the same folder is refused while the first one lives', async t => {
  const dataDir = t.testdir()
  const first = await start(t, dataDir)
  await t.rejects(startEmbeddedDynamoDB({ dataDir, log }), {
    message: new RegExp(`^DATA_DIR ${dataDir} is in use by process ${process.pid}`)
  })
  await writeItem(t, first.endpoint)
})

t.test('of several starts at once on a stale lock, one wins', async t => {
  const dataDir = t.testdir()
  writeFileSync(join(dataDir, 'dynamodb.pid'), JSON.stringify({ pid: await deadPid() }))
  const endpoints = await Promise.all(spawnOwners(t, dataDir, 4).map(owner => owner.endpoint))
  t.equal(endpoints.filter(Boolean).length, 1)
})

t.test('a start waits for the previous owner to close', async t => {
  const dataDir = t.testdir()
  const first = await startEmbeddedDynamoDB({ dataDir, log })
  const second = start(t, dataDir)
  await sleep(200)
  await first.close()
  t.match((await second).endpoint, /^http:\/\/127\.[\d.]+:\d+$/)
})

t.test('pages can\'t reach the engine: its address is its own, and only the lock file says it', { skip: process.platform !== 'linux' }, async t => {
  const lines: string[] = []
  const told = pino({ level: 'info' }, { write: line => { lines.push(line) } })
  const hosts = new Set<string>()
  for (let n = 0; n < 3; n++) {
    const dataDir = t.testdir({ [`${n}`]: {} })
    const { endpoint, close } = await startEmbeddedDynamoDB({ dataDir, log: told })
    const { hostname, port } = new URL(endpoint)
    hosts.add(hostname)
    t.match(hostname, /^127\./)
    t.ok(await isListening(hostname, port))
    for (const guessed of ['127.0.0.1', '127.0.0.2', '::1']) t.notOk(await isListening(guessed, port), guessed)
    t.equal(statSync(join(dataDir, 'dynamodb.pid')).mode & 0o777, 0o600)
    if (n === 0) {
      const killed = pidOf(dataDir, 'engine')
      process.kill(killed!, 'SIGKILL')
      await until(async () => ![undefined, killed].includes(pidOf(dataDir, 'engine')) && await isListening(hostname, port))
    }
    await close()
    t.notOk(lines.join('').includes(hostname))
  }
  t.equal(hosts.size, 3)
  t.match(lines.join(''), 'The embedded DynamoDB died')
})

t.test('the folder and its files are their owner\'s alone, also where they were open before', async t => {
  const dataDir = join(t.testdir(), 'data')
  const first = await startEmbeddedDynamoDB({ dataDir, log })
  await writeItem(t, first.endpoint)
  const modes = () => Object.fromEntries(['.', ...readdirSync(dataDir)].map(name => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)]))
  const files = readdirSync(dataDir)
  t.ok(files.includes('dynamodb.db'))
  const closed = { '.': '700', ...Object.fromEntries(files.map(name => [name, '600'])) }
  t.same(modes(), closed)
  await first.close()

  chmodSync(dataDir, 0o755)
  for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), 0o644)
  const second = await start(t, dataDir)
  t.same(await readItem(t, second.endpoint), Key)
  for (const mode of Object.values(modes())) t.match(mode, /^[67]00$/)
})

t.test('a lock that a dead process left behind is taken over', async t => {
  const dataDir = t.testdir()
  const lock = join(dataDir, 'dynamodb.pid')
  writeFileSync(lock, JSON.stringify({ pid: await deadPid(), endpoint: 'http://127.0.0.1:1' }))
  const { endpoint } = await start(t, dataDir)
  t.match(JSON.parse(readFileSync(lock, 'utf8')), { pid: process.pid, endpoint })
})

t.test('a lock whose process number now belongs to another process is taken over', {
  skip: process.platform !== 'linux'
}, async t => {
  const dataDir = t.testdir()
  writeFileSync(join(dataDir, 'dynamodb.pid'), JSON.stringify({ pid: process.pid, started: '1' }))
  await t.resolves(start(t, dataDir))
})

t.test('the engine ends with its owner, killed by SIGKILL, and its data is there for the next one', async t => {
  const dataDir = t.testdir()
  const [owner] = spawnOwners(t, dataDir, 1)
  const endpoint = await owner!.endpoint
  await writeItem(t, endpoint!)
  t.ok(processesOf(dataDir).length > 0)
  owner!.child.kill('SIGKILL')

  const { endpoint: next } = await start(t, dataDir)
  t.same(await readItem(t, next), Key)
  await until(() => !processesOf(dataDir).some(({ args }) => args.includes(`--port ${new URL(endpoint!).port} `)))
})

for (const victim of ['engine', 'supervisor'] as const) {
  t.test(`the engine comes back, with its data, after its ${victim} was killed`, async t => {
    const dataDir = t.testdir()
    const engine = await startEmbeddedDynamoDB({ dataDir, log })
    await writeItem(t, engine.endpoint)
    const killed = pidOf(dataDir, victim)
    process.kill(killed!, 'SIGKILL')
    await until(() => ![undefined, killed].includes(pidOf(dataDir, victim)))
    await until(() => readItem(t, engine.endpoint).then(item => t.same(item, Key), () => false))
    await engine.close()
    t.same(processesOf(dataDir), [], 'no process is left')
  })
}

t.test('a closed engine does not come back when it was about to', async t => {
  const dataDir = t.testdir()
  const engine = await startEmbeddedDynamoDB({ dataDir, log })
  process.kill(pidOf(dataDir, 'engine')!, 'SIGKILL')
  await until(() => processesOf(dataDir).length === 0)
  await engine.close()
  t.same(processesOf(dataDir), [])
})

t.test('a file that is no database is reported with the engine’s words, and the folder is free again', async t => {
  const dataDir = t.testdir({ 'dynamodb.db': 'not a database '.repeat(1000) })
  await t.rejects(startEmbeddedDynamoDB({ dataDir, log }), { message: /^Dynoxide ended: .*not a valid SQLite database/ })
  t.notOk(existsSync(join(dataDir, 'dynamodb.pid')))
  t.same(processesOf(dataDir), [])
})

async function start (t: Test, dataDir: string) {
  const engine = await startEmbeddedDynamoDB({ dataDir, log })
  t.teardown(() => engine.close())
  return engine
}

/** Other Node processes that start an engine, each with its endpoint: undefined when it ended instead. */
function spawnOwners (t: Test, dataDir: string, count: number) {
  const fixture = join(import.meta.dirname, 'fixtures/embedded-owner.ts')
  const owners = Array.from({ length: count }, () => {
    const args = ['--import', 'tsx', fixture, dataDir]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const lines = createInterface({ input: child.stdout })
    const endpoint = Promise.race([once(lines, 'line'), once(lines, 'close')])
    return { child, endpoint: endpoint.then(([line]): string | undefined => line) }
  })
  t.teardown(async () => {
    for (const { child } of owners) child.kill('SIGKILL')
    await until(() => processesOf(dataDir).length === 0)
  })
  return owners
}

const db = (t: Test, endpoint: string) => {
  const client = new DynamoDBClient({
    endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }
  })
  t.teardown(() => client.destroy())
  return client
}

async function writeItem (t: Test, endpoint: string) {
  await db(t, endpoint).send(new CreateTableCommand({
    TableName: 'things',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST'
  }))
  await db(t, endpoint).send(new PutItemCommand({ TableName: 'things', Item: Key }))
}

const readItem = async (t: Test, endpoint: string) =>
  (await db(t, endpoint).send(new GetItemCommand({ TableName: 'things', Key }))).Item

const processesOf = (dataDir: string) => processesWith(join(dataDir, 'dynamodb.db'))

function pidOf (dataDir: string, which: 'engine' | 'supervisor') {
  return processesOf(dataDir).find(({ args }) => args.includes('/bin/sh -c') === (which === 'supervisor'))?.pid
}

async function isListening (host: string, port: string) {
  const socket = connect(Number(port), host)
  const connected = await Promise.race([once(socket, 'connect').then(() => true, () => false), once(socket, 'close').then(() => false)])
  socket.destroy()
  return connected
}

async function deadPid () {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid!
}

async function until (condition: () => unknown) {
  const deadline = Date.now() + 60_000
  while (!await condition()) {
    if (Date.now() > deadline) throw new Error(`Still not so: ${condition}`)
    await sleep(50)
  }
}
