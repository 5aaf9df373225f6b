import t from 'tap'
import { pendingTag, uploadHeaders } from '../../src/storage/upload-headers.js'
import { evaluate, readTemplate } from './template.js'

interface Statement {
  Effect: string
  Action: string
  Condition: Record<string, Record<string, string>>
}

const bucketOf = (parameters: Record<string, string> = {}) => evaluate(readTemplate('attachments'), { ClientUrl: 'https://app.example.com', ...parameters }).Resources

t.test('pages may send what an upload has to', async t => {
  const { Bucket } = bucketOf()
  const { CorsRules: [rule] } = Bucket!.Properties.CorsConfiguration as { CorsRules: [{ AllowedHeaders: string[], AllowedMethods: string[] }] }
  const needed = Object.keys(uploadHeaders({ key: 'a', mediaType: 'text/csv', size: 1, sha256: '' }))
  t.strictSame(rule.AllowedHeaders, ['content-length', ...needed])
  t.strictSame(rule.AllowedMethods, ['GET', 'PUT'])
})

t.test('what bears the tag of pending uploads goes after a day, and the bucket outlives its stack', async t => {
  const { Bucket } = bucketOf()
  const { Rules } = Bucket!.Properties.LifecycleConfiguration as { Rules: object[] }
  t.match(Rules[0], { Status: 'Enabled', TagFilters: [{ Key: pendingTag.name, Value: pendingTag.value }], ExpirationInDays: 1 })
  t.match(readTemplate('attachments').Resources.Bucket, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' })
  t.notOk(Bucket!.Properties.VersioningConfiguration, 'what is removed is gone')
})

t.test('with a scanner no URL gets what it hasn\'t found clean, and without one there is none', async t => {
  const denials = (parameters: Record<string, string>) => {
    const { BucketPolicy, MalwareProtectionPlan: plan, ScanRole: role } = bucketOf(parameters)
    const { Statement } = BucketPolicy!.Properties.PolicyDocument as { Statement: Statement[] }
    return { plan, role, gets: Statement.filter(({ Effect, Action }) => Effect === 'Deny' && Action === 's3:GetObject').map(({ Condition }) => Condition) }
  }
  t.match(denials({ Scan: 'on' }), {
    plan: { Properties: { Actions: { Tagging: { Status: 'ENABLED' } } } },
    role: { Type: 'AWS::IAM::Role' },
    gets: [{
      StringEquals: { 's3:authType': 'REST-QUERY-STRING' },
      StringNotEquals: { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' }
    }]
  })
  t.same(denials({ Scan: 'off' }), { plan: undefined, role: undefined, gets: [] })
})
