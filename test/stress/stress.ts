// Three server processes on one Redis and one database, with real clients, while everything that can break does.
// Run: npm run stress (about a minute; needs redis-server on the PATH)
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'
import authentication from '../../src/plugins/auth.js'
import configuration from '../../src/plugins/config.js'
import { loadConfig } from '../../src/config.js'
import { createDynamoDBClient } from '../../src/dynamodb-client.js'
import { createTable } from '../../src/entities/table.js'
import { freePort } from '../../src/local/dynoxide.js'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { resolveSecrets } from '../../src/local/secrets.js'
import { createLogger } from '../../src/logger.js'
import { Instance } from './instance.js'
import { LiveClient } from './live-client.js'
import { Sender, type Answers } from './sender.js'

const users = Array.from({ length: 24 }, (_, n) => `user-${n}`)
const pairs = users.flatMap((user, n) => [1, 5].map(step => [user, users[(n + step) % users.length] as string] as const))
const writers = 12

const dataDir = await mkdtemp(join(tmpdir(), 'equilux-stress-'))
const log = createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' })
const engine = await startEmbeddedDynamoDB({ dataDir, log })
const redisPort = await freePort()
let redis: ChildProcess
const env: Record<string, string> = {
  NODE_ENV: 'development',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'error',
  JWT_SECRET: 'a secret that only the stress program knows',
  RATE_LIMIT_MAX: '0',
  DYNAMODB: engine.endpoint,
  TABLE_NAME: 'stress',
  DATA_DIR: dataDir,
  REDIS_URL: `redis://127.0.0.1:${redisPort}`,
  SSE_MAX_SECONDS: '10'
}
const config = await resolveSecrets(loadConfig(env))
const dynamodb = createDynamoDBClient(config)
await createTable(dynamodb, config.TABLE_NAME)
dynamodb.destroy()

const signer = fastify()
await signer.register(configuration, { config })
await signer.register(authentication)
await signer.ready()
const tokens = new Map(users.map(sub => [sub, signer.jwt.sign({ sub }, { expiresIn: '1h' })]))

const instances: Instance[] = []
for (let n = 0; n < 3; n++) {
  const port = await freePort()
  instances.push(new Instance(`http://127.0.0.1:${port}`, { ...env, PORT: String(port) }))
}
const urls = instances.map(({ url }) => url)
const faults: string[] = []

await startRedis()
await Promise.all(instances.map(async instance => await instance.start()))
const clients = users.flatMap(user => (['ws', 'sse'] as const).map(kind => new LiveClient(user, tokens.get(user) as string, urls, kind)))
await until('every client is connected', () => clients.every(({ isConnected }) => isConnected))

const sender = new Sender(urls, tokens)
let writing = true
const written = Promise.all(Array.from({ length: writers }, async (_, n) => {
  // eslint-disable-next-line no-unmodified-loop-condition -- it ends when the phases are over
  for (let count = 0; writing; count++) {
    const [from, to] = pairs[(n + count * writers) % pairs.length] as [string, string]
    await (count % 2 === 0 ? sender.send(from, to, `${n} ${count}`) : sender.send(to, from, `${n} ${count}`))
    await sleep(40)
  }
}))

await phase('connections are cut at random', async () => {
  for (let n = 0; n < 150; n++) {
    clients[Math.floor(Math.random() * clients.length)]?.cut()
    await sleep(40)
  }
})

await phase('instances are killed and started again', async () => {
  for (const instance of instances) {
    await instance.stop('SIGKILL')
    await sleep(500)
    await instance.start()
    await sleep(500)
  }
})

await phase('Redis is stopped and started again', async () => {
  await stopRedis()
  await sleep(3000)
  await startRedis()
  await sleep(4000)
}, answers => expectNoFailure(answers))

await phase('a storm: all reconnect at once', async () => {
  for (let n = 0; n < 3; n++) {
    for (const client of clients) client.cut()
    await sleep(2000)
  }
}, answers => expectNoFailure(answers))

await phase('a rolling restart by SIGTERM', async () => {
  for (const instance of instances) {
    const code = await instance.stop('SIGTERM')
    if (code !== 0) faults.push(`SIGTERM ended an instance with ${code}`)
    await instance.start()
  }
}, answers => expectNoFailure(answers))

writing = false
await written
await until('every client has everything', () => clients.every(client => missing(client) === 0), 20_000).catch(error => faults.push(String(error)))
report()
sender.close()
await Promise.all(clients.map(async client => await client.stop()))
await Promise.all(instances.map(async instance => await instance.stop('SIGTERM')))
await stopRedis()
await signer.close()
await engine.close()
await rm(dataDir, { recursive: true })
process.exit(faults.length === 0 ? 0 : 1)

async function phase (name: string, run: () => Promise<void>, check: (answers: Answers) => void = () => {}) {
  // What the phase before broke off is its own affair.
  await sleep(300)
  if (sender.sent > 0) sender.takeAnswers()
  const before = sender.sent
  await run()
  const answers = sender.takeAnswers()
  check(answers)
  const failures = [...answers.failures].map(([code, count]) => `${count} ${code}`).join(', ') || 'none'
  process.stdout.write(`${name}: ${sender.sent - before} sent, ${answers.elsewhere} told to go elsewhere, ${answers.broken} broken, other failures: ${failures}\n`)
}

function expectNoFailure ({ failures, broken }: Answers) {
  for (const [code, count] of failures) faults.push(`${count} requests failed with ${code}`)
  if (broken > 0) faults.push(`${broken} requests were broken off`)
}

/** How many of the messages addressed to a client's user it doesn't have. */
function missing (client: LiveClient): number {
  let count = 0
  for (const [conversationId, seqs] of sender.acknowledged) {
    if (!conversationId.split('~').includes(client.userId)) continue
    const seen = new Set(client.seen.get(conversationId))
    for (const seq of seqs) if (!seen.has(seq)) count++
  }
  return count
}

function report () {
  const sum = (count: (client: LiveClient) => number) => clients.reduce((total, client) => total + count(client), 0)
  const gaps = sum(missing)
  const disorder = sum(client => [...client.seen.values()].reduce((total, seqs) =>
    total + seqs.filter((seq, n) => n > 0 && seq < (seqs[n - 1] as number)).length, 0))
  for (const [conversationId, seqs] of sender.acknowledged) {
    const newest = Math.max(...seqs)
    if (newest !== seqs.size) faults.push(`${conversationId} has ${seqs.size} messages but goes up to ${newest}`)
  }
  if (gaps > 0) faults.push(`${gaps} messages did not come`)
  if (disorder > 0) faults.push(`${disorder} messages came out of order`)
  process.stdout.write(`sent ${sender.sent}, received ${sum(client => [...client.seen.values()].flat().length)}, gaps ${gaps}, ` +
    `out of order ${disorder}, duplicates ${sum(client => client.duplicates)}, reconnects ${sum(client => client.reconnects)}\n`)
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`)
  process.stdout.write(`${faults.length === 0 ? '1 passed, 0 failed' : `0 passed, ${faults.length} failed`}\n`)
}

async function startRedis () {
  redis = spawn('redis-server', ['--port', String(redisPort), '--save', '', '--appendonly', 'no'], { stdio: 'ignore' })
  await sleep(300)
}

async function stopRedis () {
  const exit = once(redis, 'exit')
  redis.kill('SIGKILL')
  await exit
}

async function until (what: string, holds: () => boolean, patience = 30_000) {
  for (const end = Date.now() + patience; !holds();) {
    if (Date.now() > end) throw new Error(`It never came about that ${what}`)
    await sleep(50)
  }
}
