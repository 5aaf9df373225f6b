import { CreateBucketCommand, GetObjectTaggingCommand, ListObjectsV2Command, PutObjectTaggingCommand } from '@aws-sdk/client-s3'
import t from 'tap'
import { createS3Client } from '../../src/storage/s3/client.js'
import { S3Store } from '../../src/storage/s3/store.js'
import { evaluate, readTemplate } from '../deploy/template.js'
import { objectStoreContract, put, someObject, type Site } from '../storage/contract.js'
import { credentials, region, startGateway } from './gateway.js'

const bucket = 'chat-files'
const { endpoint } = await startGateway(t)
const client = createS3Client({ region, endpoint, credentials })
const asking = createS3Client({ region, endpoint, credentials })
t.teardown(() => { for (const one of [client, asking]) one.destroy() })
await client.send(new CreateBucketCommand({ Bucket: bucket }))

/** The names of all commands that a store has sent or signed. */
const commands = new Set<string>()
asking.middlewareStack.add((next, { commandName }) => async args => {
  commands.add(String(commandName))
  return await next(args)
}, { step: 'initialize' })

const warnings: object[] = []
const storeAt = (options: { now?: () => number, isTagged?: boolean, at?: typeof client } = {}) => {
  const { now = Date.now, isTagged = false, at = asking } = options
  return new S3Store({ client: at, bucket, origin: endpoint, isTagged, now, warn: about => { warnings.push(about) } })
}

const everything = async () => {
  const { Contents: objects = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
  return objects.map(({ Key: key }) => key!).sort()
}

const tagsOf = async (key: string) => {
  const { TagSet: tags } = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }))
  return Object.fromEntries(tags!.map(({ Key: name, Value: value }) => [name, value]))
}

const store = storeAt()
const site: Site = {
  store,
  base: endpoint,
  behind: ms => storeAt({ now: () => Date.now() - ms }),
  everything,
  async pending () {
    const keys = await everything()
    const tags = await Promise.all(keys.map(tagsOf))
    return keys.filter((_, index) => tags[index]!.state === 'pending')
  }
}

objectStoreContract(t, () => site)

/** An uploaded object that GuardDuty has said something of, or nothing yet. */
async function scanned (status?: string) {
  const object = someObject()
  t.equal(await put(site, await store.signUpload(object, Date.now() + 60_000), object.bytes), 200)
  if (status !== undefined) {
    const tags = [{ Key: 'state', Value: 'pending' }, { Key: 'GuardDutyMalwareScanStatus', Value: status }]
    await client.send(new PutObjectTaggingCommand({ Bucket: bucket, Key: object.key, Tagging: { TagSet: tags } }))
  }
  return object.key
}

t.test('the verdict is what GuardDuty has tagged', async t => {
  const tagged = storeAt({ isTagged: true })
  t.equal(await tagged.verdict(await scanned()), undefined)
  t.equal(await tagged.verdict(await scanned('NO_THREATS_FOUND')), 'clean')
  t.equal(await tagged.verdict(await scanned('THREATS_FOUND')), 'infected')
  t.same(warnings, [])
  t.equal(await tagged.verdict(await scanned('UNSUPPORTED')), 'unscannable')
  t.same(warnings, [])
  const attachmentId = await scanned('FAILED')
  t.equal(await tagged.verdict(attachmentId), undefined)
  t.same(warnings, [{ status: 'FAILED', attachmentId }], 'operators are told')
})

t.test('where GuardDuty tags, an object is kept once it has, with its tag', async t => {
  const tagged = storeAt({ isTagged: true })
  const key = await scanned()
  await t.rejects(tagged.keep(key), { code: 'attachment_scanning', headers: { 'retry-after': '5' } })
  t.same(await tagsOf(key), { state: 'pending' })
  const clean = await scanned('NO_THREATS_FOUND')
  for (const _ of [1, 2]) await tagged.keep(clean)
  t.same(await tagsOf(clean), { GuardDutyMalwareScanStatus: 'NO_THREATS_FOUND' })
})

t.test('a store that can\'t be reached, or refuses, says so in time', async t => {
  const { key, ...object } = someObject()
  const faulty = {
    away: createS3Client({ region, endpoint: 'http://127.0.0.1:9', credentials }),
    refusing: createS3Client({ region, endpoint, credentials: { ...credentials, secretAccessKey: 'another secret' } })
  }
  for (const [name, at] of Object.entries(faulty)) {
    const store = storeAt({ at })
    const asked: Array<() => Promise<unknown>> = [
      async () => await store.head(key), async () => await store.keep(key), async () => await store.remove(key), async () => await store.readStart(key, 1),
      async () => await store.open(key), async () => await store.verdict(key)
    ]
    for (const ask of asked) await t.rejects(ask(), { code: 'storage_unavailable', headers: { 'retry-after': '1' } }, name)
    store.close()
  }
  const anonymous = storeAt({ at: createS3Client({ region, endpoint, credentials: async () => { throw new Error('There are none') } }) })
  await t.rejects(anonymous.signUpload({ key, ...object }, Date.now() + 60_000), { code: 'storage_unavailable' }, 'without credentials nothing is signed')
})

t.test('the policy allows what the store asks and signs, and nothing else', async t => {
  const actions: Record<string, string[]> = {
    // An upload says its tags with it.
    PutObjectCommand: ['PutObject', 'PutObjectTagging'],
    // Who may not list isn't told that something is missing.
    HeadObjectCommand: ['GetObject', 'ListBucket']
  }
  const needed = [...commands].flatMap(name => actions[name] ?? [name.replace(/Command$/, '')])
  const { AccessPolicy } = evaluate(readTemplate('attachments'), { ClientUrl: 'https://app.example.com' }).Resources
  const { Statement } = AccessPolicy!.Properties.PolicyDocument as { Statement: Array<{ Action: string | string[] }> }
  t.strictSame([...new Set(needed)].map(action => `s3:${action}`).sort(), Statement.flatMap(({ Action }) => Action).sort())
})
