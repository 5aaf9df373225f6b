import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, stat, utimes } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import t from 'tap'
import { EmbeddedStore } from '../../src/storage/embedded/store.js'
import { listen, testApp, TestSocket, TestUser } from '../support/helper.js'
import { isProblem } from '../support/problem.js'
import type { Problem } from '../../schemas/problem.js'
import { objectStoreContract, put, someObject, type Site } from './contract.js'

const minute = 60_000
const day = 24 * 60 * minute
const page = 'https://app.example.com'
const app = await testApp(t, { env: { CLIENT_URL: page } })
const base = await listen(app)
const folder = join(app.config.DATA_DIR, 'attachments')
const store = app.storage as EmbeddedStore

/** The names of all files of the folder, by which permissions they have. What goes while they are looked at isn't among them. */
async function files () {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true, recursive: true }) : []
  const found = await Promise.all(entries.filter(entry => entry.isFile()).map(async entry => {
    const path = join(entry.parentPath, entry.name)
    const stats = await stat(path).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'ENOENT') throw error })
    return stats === undefined ? [] : [{ name: entry.name, path, mode: stats.mode & 0o777 }]
  }))
  return found.flat()
}

const site: Site = {
  store,
  base,
  behind: ms => new EmbeddedStore({ folder, secrets: app.config.CURSOR_SECRET, now: () => Date.now() - ms }),
  everything: async () => (await files()).map(({ name }) => name).sort(),
  pending: async () => (await files()).filter(({ mode }) => (mode & 0o200) !== 0).map(({ name }) => name)
}

objectStoreContract(t, () => site)

/** An upload that is sent piece by piece. */
async function slowUpload (object: ReturnType<typeof someObject>) {
  const { url, headers } = await store.signUpload(object, Date.now() + 15 * minute)
  const upload = request(new URL(url, base), { method: 'PUT', headers: { ...headers, 'content-length': object.size } })
  upload.on('error', () => {})
  const response = once(upload, 'response') as Promise<[{ statusCode: number, resume: () => void }]>
  response.catch(() => {})
  return { upload, response }
}

t.test('the folder and what is in it are for their owner alone', async t => {
  const object = someObject()
  await put(site, await store.signUpload(object, Date.now() + minute), object.bytes)
  for (const path of [folder, join(folder, 'incoming')]) t.equal((await stat(path)).mode & 0o777, 0o700)
  for (const { mode } of await files()) t.equal(mode & 0o077, 0)
})

t.test('refusals are problems like all others', async t => {
  const object = someObject()
  const { url, headers } = await store.signUpload(object, Date.now() + minute)
  const upload = async (url: string, bytes: Buffer) => {
    const response = await fetch(new URL(url, base), { method: 'PUT', headers, body: new Uint8Array(bytes) })
    t.equal(response.headers.get('content-type'), 'application/problem+json; charset=utf-8')
    return await response.json() as Problem
  }
  isProblem(t, await upload(url.replace('signature=', 'signature=a'), object.bytes), 'attachment_url_invalid')
  isProblem(t, await upload(url, Buffer.alloc(object.size)), 'attachment_digest_mismatch')
  t.equal(await put(site, { url, headers }, object.bytes), 200)
  isProblem(t, await upload(url, object.bytes), 'attachment_uploaded')
  const nothing = await store.signDownload({ key: someObject().key, fileName: 'a', mediaType: 'text/csv' }, Date.now() + minute)
  isProblem(t, await (await fetch(new URL(nothing, base))).json() as Problem, 'attachment_not_found')
  const other = await fetch(new URL(url, base), { method: 'DELETE' })
  isProblem(t, await other.json() as Problem, 'method_not_allowed')
  t.equal(other.headers.get('allow'), 'PUT, GET')
})

t.test('nothing that is got is ever shown by a browser, or run', async t => {
  const object = someObject()
  await put(site, await store.signUpload(object, Date.now() + minute), object.bytes)
  const url = await store.signDownload({ key: object.key, fileName: 'a.html', mediaType: 'application/xml' }, Date.now() + minute)
  const { headers } = await fetch(new URL(url, base))
  t.match(headers.get('content-disposition'), /^attachment;/)
  t.equal(headers.get('x-content-type-options'), 'nosniff')
  t.equal(headers.get('content-security-policy'), 'sandbox; default-src \'none\'')
})

t.test('pages of the listed origins may upload and download', async t => {
  const object = someObject()
  const { url, headers } = await store.signUpload(object, Date.now() + minute)
  const preflight = await fetch(new URL(url, base), {
    method: 'OPTIONS', headers: { origin: page, 'access-control-request-method': 'PUT', 'access-control-request-headers': Object.keys(headers).join() }
  })
  t.equal(preflight.status, 204)
  t.equal(preflight.headers.get('access-control-allow-origin'), page)
  t.match(preflight.headers.get('access-control-allow-methods'), /\bPUT\b/)
  const allowed = preflight.headers.get('access-control-allow-headers')!.toLowerCase().split(', ')
  for (const name of Object.keys(headers)) t.ok(allowed.includes(name), name)
  const uploaded = await fetch(new URL(url, base), { method: 'PUT', headers: { ...headers, origin: page }, body: new Uint8Array(object.bytes) })
  t.equal(uploaded.headers.get('access-control-allow-origin'), page)
  const download = await store.signDownload({ key: object.key, fileName: 'a', mediaType: 'text/csv' }, Date.now() + minute)
  t.equal((await fetch(new URL(download, base), { headers: { origin: page } })).headers.get('access-control-allow-origin'), page)
})

t.test('a URL outlives the secret that signed it as long as that still verifies', async t => {
  const object = someObject()
  const url = (secrets: string[]) => new EmbeddedStore({ folder, secrets, now: Date.now }).urls
  const { url: signed, headers } = url(['the old one']).upload(object, Date.now() + minute)
  const said = { key: object.key, query: Object.fromEntries(new URL(signed, base).searchParams), headers: { ...headers, 'content-length': String(object.size) } }
  t.equal(url(['the new one', 'the old one']).isUpload(said), true)
  t.equal(url(['the new one']).isUpload(said), false)
})

t.test('an upload whose length isn\'t told is refused', async t => {
  const object = someObject()
  const { url, headers } = await store.signUpload(object, Date.now() + minute)
  const upload = request(new URL(url, base), { method: 'PUT', headers })
  upload.write(object.bytes)
  upload.end()
  const [response] = await once(upload, 'response') as [{ statusCode: number, resume: () => void }]
  response.resume()
  t.equal(response.statusCode, 403)
})

t.test('live events arrive while 8 MB are uploaded', async t => {
  const [alice, bob] = [new TestUser(app, 'alice'), new TestUser(app, 'bob')]
  const socket = await TestSocket.open(t, base, bob)
  const object = someObject(8_000_000)
  const { upload, response } = await slowUpload(object)
  const pieces = 8
  for (let piece = 0; piece < pieces; piece++) {
    const start = piece * object.size / pieces
    upload.write(object.bytes.subarray(start, start + object.size / pieces))
    await breathe()
    await alice.say('bob', `piece ${piece}`)
    t.equal((await socket.next('newMessage')).data.text, `piece ${piece}`)
    if (piece < pieces - 1) t.equal(await store.head(object.key), undefined, 'it isn\'t there before all of it is')
  }
  upload.end()
  const [answer] = await response
  answer.resume()
  t.equal(answer.statusCode, 200)
  t.same(await store.head(object.key), { size: object.size, sha256: object.sha256 })
})

t.test('an upload that breaks off leaves nothing behind, and can be made again', async t => {
  const before = await site.everything()
  const object = someObject(200_000)
  const { upload, response } = await slowUpload(object)
  upload.write(object.bytes.subarray(0, 150_000))
  while ((await site.everything()).length === before.length) await breathe()
  upload.destroy()
  await t.rejects(response)
  while ((await site.everything()).length > before.length) await breathe()
  t.equal(await store.head(object.key), undefined)
  t.equal(await put(site, await store.signUpload(object, Date.now() + minute), object.bytes), 200)
})

t.test('what nobody kept goes after a day, and nothing else', async t => {
  const objects = await Promise.all(['kept', 'pending', 'new'].map(async name => {
    const object = someObject()
    await put(site, await store.signUpload(object, Date.now() + minute), object.bytes)
    if (name === 'kept') await store.keep(object.key)
    const at = new Date(Date.now() - (name === 'new' ? day - minute : day))
    await utimes(join(folder, object.key), at, at)
    return object
  }))
  await store.sweep()
  t.same(await Promise.all(objects.map(async ({ key }) => await store.head(key) !== undefined)), [true, false, true])
})

t.test('a store that can\'t be reached says so', async t => {
  const broken = new EmbeddedStore({ folder: '/dev/null/attachments', secrets: ['a secret'], now: Date.now })
  const { key } = someObject()
  const asked: Array<() => Promise<unknown>> = [
    async () => await broken.head(key), async () => await broken.keep(key), async () => await broken.remove(key), async () => await broken.readStart(key, 1)
  ]
  for (const ask of asked) await t.rejects(ask(), { code: 'storage_unavailable', headers: { 'retry-after': '1' } })
})
