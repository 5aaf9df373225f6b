// Messages a second and the time of a page, on the embedded engine, through the whole server but without sockets.
// Run: npx tsx test/bench/send.ts
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp } from '../../src/app.js'
import { loadConfig } from '../../src/config/environment.js'
import { createTable } from '../../src/database/table.js'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { resolveSecrets } from '../../src/config/secrets.js'
import { createLogger } from '../../src/observability/logger.js'

const duration = 2000

const dataDir = await mkdtemp(join(tmpdir(), 'equilux-bench-'))
const log = createLogger({ LOG_LEVEL: 'silent', NODE_ENV: 'test' })
const engine = await startEmbeddedDynamoDB({ dataDir, log })
const config = await resolveSecrets(loadConfig({
  NODE_ENV: 'test', LOG_LEVEL: 'silent', RATE_LIMIT_MAX: '0', DYNAMODB: engine.endpoint, DATA_DIR: dataDir
}))
const app = await buildApp({ config, log })

try {
  await createTable(app.dynamodb.sdk, config.TABLE_NAME)
  await app.ready()
  await run(1, n => send('warm', `up-${n}`))
  const alone = await run(1, () => send('alice', 'bob'))
  const rows = [
    ['1 writer, one conversation', alone],
    ['1 writer, many conversations', await run(1, n => send('alice', `one-${n % 64}`))],
    ['64 writers, one conversation', await run(64, () => send('alice', 'bob'))],
    ['64 writers, 64 conversations', await run(64, n => send('alice', `many-${n % 64}`))],
    ['1 reader, pages of 20 messages', await run(1, () => get('alice', 'bob'))],
    ['1 reader, pages of 20 conversations', await run(1, () => get('alice', 'conversations'))]
  ] as const
  console.log(`${''.padEnd(38)}${['per second', 'ratio', 'p50 ms', 'p99 ms'].map(title => title.padStart(12)).join('')}`)
  for (const [name, { rate, p50, p99 }] of rows) {
    const figures = [rate.toFixed(0), (rate / alone.rate).toFixed(2), p50.toFixed(1), p99.toFixed(1)]
    console.log(`${name.padEnd(38)}${figures.map(figure => figure.padStart(12)).join('')}`)
  }
} finally {
  await app.close()
  await engine.close()
  await rm(dataDir, { recursive: true })
}

function headers (userId: string) {
  return { authorization: `Bearer ${app.jwt.sign({ sub: userId }, { expiresIn: '1h' })}` }
}

async function send (from: string, to: string) {
  await expectSuccess(app.inject({
    method: 'POST', url: `/api/messages/${to}`, headers: headers(from), payload: { text: 'Sunny tomorrow: I will have 12 kWh to spare.' }
  }))
}

async function get (userId: string, path: string) {
  await expectSuccess(app.inject({ method: 'GET', url: `/api/messages/${path}`, headers: headers(userId) }))
}

async function expectSuccess (response: Promise<{ statusCode: number, body: string }>) {
  const { statusCode, body } = await response
  if (statusCode >= 300) throw new Error(`${statusCode} ${body}`)
}

/** Repeats an action, as many at once as there are workers. */
async function run (workers: number, action: (n: number) => Promise<void>) {
  const times: number[] = []
  const start = performance.now()
  let count = 0
  await Promise.all(Array.from({ length: workers }, async () => {
    while (performance.now() - start < duration) {
      const began = performance.now()
      await action(count++)
      times.push(performance.now() - began)
    }
  }))
  times.sort((a, b) => a - b)
  const quantile = (q: number) => times[Math.floor(q * (times.length - 1))] ?? 0
  return { rate: times.length / (performance.now() - start) * 1000, p50: quantile(0.5), p99: quantile(0.99) }
}
