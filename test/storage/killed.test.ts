import { readdir, utimes } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { deriveCursorSecret } from '../../src/config/derived-secrets.js'
import { EmbeddedStore } from '../../src/storage/embedded/store.js'
import { databaseEndpoint, jwtSecret } from '../support/helper.js'
import { start } from '../support/server-process.js'
import { put, someObject } from './contract.js'

t.test('an upload that a server was killed in isn\'t there, can be made again, and its rest is swept', async t => {
  const home = t.testdir({})
  const folder = join(home, 'data/attachments')
  const incoming = join(folder, 'incoming')
  const store = new EmbeddedStore({ folder, secrets: [deriveCursorSecret(jwtSecret)], now: Date.now })
  const env = { NODE_ENV: 'test', DYNAMODB: await databaseEndpoint() }
  const object = someObject(200_000)
  const upload = await store.signUpload(object, Date.now() + 15 * 60_000)

  const killed = await start(t, home, env)
  const sending = request(new URL(upload.url, killed.url), { method: 'PUT', headers: { ...upload.headers, 'content-length': object.size } })
  sending.on('error', () => {})
  sending.write(object.bytes.subarray(0, 150_000))
  while ((await readdir(incoming).catch(() => [])).length === 0) await sleep(20)
  killed.child.kill('SIGKILL')
  await killed.exited
  const [rest] = await readdir(incoming)
  t.ok(rest, 'what had come is there')
  t.equal(await store.head(object.key), undefined)

  const dayAgo = new Date(Date.now() - 24 * 60 * 60_000)
  await utimes(join(incoming, rest!), dayAgo, dayAgo)
  const next = await start(t, home, env)
  while ((await readdir(incoming)).length > 0) await sleep(20)
  t.equal(await put({ base: next.url }, upload, object.bytes), 200)
  t.same(await store.head(object.key), { size: object.size, sha256: object.sha256 })
})
