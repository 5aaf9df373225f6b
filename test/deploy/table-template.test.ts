import t from 'tap'
import { loadConfig } from '../../src/config/environment.js'
import { tableDefinition, ttlAttribute } from '../../src/database/table.js'
import { evaluate, readTemplate } from './template.js'

t.test('the template makes the table that the code makes', async t => {
  const { Table } = evaluate(readTemplate('table'), { TableName: 'a-table' }).Resources
  const {
    TimeToLiveSpecification: timeToLive, PointInTimeRecoverySpecification: recovery, DeletionProtectionEnabled: isProtected, ...definition
  } = Table!.Properties
  t.strictSame(definition, tableDefinition('a-table'))
  t.strictSame(timeToLive, { AttributeName: ttlAttribute, Enabled: true })
  t.strictSame(recovery, { PointInTimeRecoveryEnabled: true })
  t.equal(isProtected, true)
})

t.test('the table outlives its stack', async t => {
  const { Table } = readTemplate('table').Resources
  t.match(Table, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
})

t.test('the table\'s name is the one that the server takes by default', async t => {
  t.equal(readTemplate('table').Parameters.TableName?.Default, loadConfig({}).TABLE_NAME)
})
