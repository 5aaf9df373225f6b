import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startDynamoDBLocal } from './dynamodb-local.js'

/*
 * The conditions, transactions and queries of the server, judged by AWS's own engine. What is left out: request units,
 * which it counts otherwise than DynamoDB does (it charges a transaction's index entries several times over); the user
 * directory, because old versions of it take a % in begins_with() for a wildcard; faults, which are injected before any
 * engine is asked; and who may see what, which no engine decides.
 */
const { endpoint } = await startDynamoDBLocal(t)
t.jobs = 3

const calm = [
  'services/trading/expiry', 'routes/conversations', 'services/catch-up/catch-up', 'routes/trades', 'services/trading/trade-list',
  'services/trading/negotiation',
  'routes/sync'
]
for (const suite of calm) run(suite, { buffered: true })

/** Many writers at once want the whole engine: it is a slow one, and the server refuses those who wait too long. */
const contended = ['services/messaging/sequencing', 'services/trading/trade-concurrency', 'routes/messages']
for (const suite of contended) run(suite, { buffered: false })

function run (suite: string, { buffered }: { buffered: boolean }) {
  t.spawn(process.execPath, [...process.execArgv, fileURLToPath(new URL(`../${suite}.test.ts`, import.meta.url))], {
    env: {
      ...process.env,
      TEST_DYNAMODB: endpoint,
      // The engine keeps a database for each key id: the suites don't wait for each other's locks.
      AWS_ACCESS_KEY_ID: suite.replace(/\W/g, ''),
      AWS_SECRET_ACCESS_KEY: 'local'
    },
    buffered,
    timeout: 240_000
  }, suite)
}
