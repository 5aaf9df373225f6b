import { execFile } from 'node:child_process'
import { DeleteTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb'
import t, { type Test } from 'tap'
import { createDatabaseClient, patient } from '../../src/database/client.js'
import { createTable, tableExists } from '../../src/database/table.js'
import { intercept, Line, loseAnswer } from '../support/faults.js'
import { databaseEndpoint } from '../support/helper.js'
import { program } from '../support/program.js'

let tables = 0

/** A client of the tests' database, and the name of a table that isn't there yet. */
async function fresh (t: Test) {
  const client = createDatabaseClient({ DYNAMODB: await databaseEndpoint(), AWS_REGION: 'eu-central-1' }, patient)
  const name = `made-${process.pid}-${++tables}`
  t.teardown(async () => {
    await client.sdk.send(new DeleteTableCommand({ TableName: name })).catch(() => {})
    client.destroy()
  })
  return { client, name }
}

function run (cwd: string, env: NodeJS.Dict<string>) {
  return new Promise<{ code: number, stdout: string }>(resolve => {
    execFile(...program('commands/table'), { cwd, timeout: 60_000, env: { PATH: process.env.PATH, ...env } },
      (error, stdout) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout }))
  })
}

t.test('the command waits for a slow engine and says what is true', async t => {
  const { client, name } = await fresh(t)
  const line = await Line.open(t)
  line.slow(1500)
  const env = { DYNAMODB: line.url, TABLE_NAME: name }
  t.same(await run(t.testdir(), env), { code: 0, stdout: `Created: table ${name}\n` })
  t.ok(await tableExists(client.sdk, name))
  line.slow(0)
  t.same(await run(t.testdir(), env), { code: 0, stdout: `Already there: table ${name}\n` })
})

for (const command of ['CreateTable', 'UpdateTimeToLive']) {
  t.test(`a table is created though the answer to ${command} is lost`, async t => {
    const { client, name } = await fresh(t)
    const calls = intercept(t, { dynamodb: client }, command, loseAnswer(1))
    t.equal(await createTable(client.sdk, name), true)
    t.equal(calls.count, 2)
    const { TimeToLiveDescription: found } = await client.sdk.send(new DescribeTimeToLiveCommand({ TableName: name }))
    t.match(found, { AttributeName: 'ttl' })
    t.match(found?.TimeToLiveStatus, /^ENABL/)
    t.equal(await createTable(client.sdk, name), false, 'the second time it is there')
  })
}
