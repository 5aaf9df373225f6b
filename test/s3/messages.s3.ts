import { CreateBucketCommand } from '@aws-sdk/client-s3'
import t from 'tap'
import type { Attachment, AttachmentUpload } from '../../schemas/attachment.js'
import { createS3Client } from '../../src/storage/s3/client.js'
import { testApp, TestUser } from '../support/helper.js'
import { refused } from '../support/problem.js'
import { put, someObject } from '../storage/contract.js'
import { credentials, region, startGateway } from './gateway.js'

// The server takes them from its environment, as in production.
Object.assign(process.env, { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey })

t.test('a file goes from one user to the other by way of the bucket; without it only files fail', async t => {
  const { endpoint, stop } = await startGateway(t)
  const client = createS3Client({ region, endpoint, credentials })
  await client.send(new CreateBucketCommand({ Bucket: 'chat-files' }))
  client.destroy()
  const app = await testApp(t, { env: { ATTACHMENTS: `s3://chat-files?endpoint=${endpoint}`, AWS_REGION: region } })
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]

  const { bytes, size, sha256 } = someObject()
  const announce = async () => {
    const payload = { to: 'bob', fileName: 'blob.bin', mediaType: 'application/octet-stream', size, sha256, sealed: true }
    const response = await alice.request({ method: 'POST', url: '/api/attachments', payload })
    t.equal(response.statusCode, 201, response.body)
    const { attachmentId, upload } = response.json<AttachmentUpload>()
    t.ok(upload.url.startsWith(endpoint))
    t.equal(await put({ base: endpoint }, upload, bytes), 200)
    return attachmentId
  }
  const send = async (attachmentId: string) => await alice.post('/bob', { text: 'here', attachments: [{ attachmentId }] })

  const attachmentId = await announce()
  t.equal((await send(attachmentId)).statusCode, 201)
  const { download } = (await bob.request({ url: `/api/attachments/${attachmentId}` })).json<Attachment>()
  t.same(Buffer.from(await (await fetch(download!.url)).arrayBuffer()), bytes)

  const other = await announce()
  await stop()
  t.equal(refused(t, await send(other), 'storage_unavailable').code, 'storage_unavailable')
  t.equal((await alice.say('bob', 'then in words')).statusCode, 201)
})
