import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { startEmbeddedDynamoDB } from '../../src/local/embedded-dynamodb.js'
import { reachEmbeddedDynamoDB } from '../../src/local/reach-embedded-dynamodb.js'

const log = pino({ level: 'silent' })

function client (t: Test, endpoint: string) {
  const made = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } })
  t.teardown(() => made.destroy())
  return made
}

const tables = async (t: Test, endpoint: string) => (await client(t, endpoint).send(new ListTablesCommand())).TableNames

t.test('an engine that runs is used, and goes on when its user has done', async t => {
  const dataDir = t.testdir()
  const owner = await startEmbeddedDynamoDB({ dataDir, log })
  t.teardown(owner.close)
  const reached = await reachEmbeddedDynamoDB({ dataDir, log })
  t.equal(reached.endpoint, owner.endpoint)
  await reached.close()
  t.same(await tables(t, owner.endpoint), [])
})

t.test('where none runs one is started, which ends with its user and leaves the data', async t => {
  const dataDir = join(t.testdir(), 'data')
  const first = await reachEmbeddedDynamoDB({ dataDir, log })
  await client(t, first.endpoint).send(new CreateTableCommand({
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }]
  }))
  await first.close()
  t.notOk(existsSync(join(dataDir, 'dynamodb.pid')), 'the folder is free')
  const second = await reachEmbeddedDynamoDB({ dataDir, log })
  t.teardown(second.close)
  t.same(await tables(t, second.endpoint), ['things'])
})

t.test('of several at once one starts it, and the others use that', async t => {
  const dataDir = t.testdir()
  const reached = await Promise.all(Array.from({ length: 4 }, async () => await reachEmbeddedDynamoDB({ dataDir, log })))
  for (const { close } of reached) t.teardown(close)
  t.equal(new Set(reached.map(({ endpoint }) => endpoint)).size, 1)
})

t.test('an owner whose engine never answers is told of', async t => {
  const dataDir = t.testdir()
  const owner = await startEmbeddedDynamoDB({ dataDir, log })
  t.teardown(owner.close)
  const lock = join(dataDir, 'dynamodb.pid')
  for (const endpoint of [undefined, 'http://127.0.0.1:1']) {
    writeFileSync(lock, JSON.stringify({ ...JSON.parse(readFileSync(lock, 'utf8')), endpoint }))
    await t.rejects(reachEmbeddedDynamoDB({ dataDir, log, patience: 200 }), {
      message: `DATA_DIR ${dataDir} is in use by process ${process.pid}, whose database doesn't answer`
    })
  }
})
