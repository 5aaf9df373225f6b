import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import type { Test } from 'tap'
import { isFileName } from '../../src/shared/file-name.js'
import type { ObjectStore, ObjectTerms, SignedUpload } from '../../src/storage/object-store.js'

/** A store, and what the contract needs to know of it. */
export interface Site {
  store: ObjectStore
  /** The same store, whose clock is behind by so many ms. */
  behind: (ms: number) => ObjectStore
  /** What relative URLs are relative to. */
  base: string
  /** The names of all that is kept there, of whatever is half done too. */
  everything: () => Promise<string[]>
  /** The names of what goes by itself, as nobody has kept it. */
  pending: () => Promise<string[]>
}

const minute = 60_000
const term = 15 * minute

/** Bytes that nothing else has, and what is said of them. */
export function someObject (size = 2000): ObjectTerms & { bytes: Buffer } {
  const bytes = randomBytes(size)
  return { key: randomBytes(16).toString('hex'), mediaType: 'image/jpeg', size, sha256: createHash('sha256').update(bytes).digest('base64'), bytes }
}

/** Uploads as is signed. @returns the status */
export async function put ({ base }: Pick<Site, 'base'>, { url, headers }: SignedUpload, bytes: Buffer): Promise<number> {
  const response = await fetch(new URL(url, base), { method: 'PUT', headers, body: new Uint8Array(bytes) })
  await response.arrayBuffer()
  return response.status
}

/** What every store of attachments does alike. */
export function objectStoreContract (t: Test, open: () => Site): void {
  const signed = async (site: Site) => {
    const object = someObject()
    return { object, upload: await site.store.signUpload(object, Date.now() + term) }
  }
  const uploaded = async (site: Site) => {
    const { object, upload } = await signed(site)
    t.equal(await put(site, upload, object.bytes), 200)
    return { object, upload }
  }
  const without = ({ url, headers }: SignedUpload, name: string): SignedUpload =>
    ({ url, headers: Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name)) })
  const having = ({ url, headers }: SignedUpload, changed: Record<string, string>): SignedUpload => ({ url, headers: { ...headers, ...changed } })

  t.test('what was announced can be uploaded, and is there as it was sent', async t => {
    const site = open()
    const { object: { key, bytes, size, sha256 } } = await uploaded(site)
    t.same(await site.store.head(key), { size, sha256 })
    t.same(await site.store.readStart(key, 100), bytes.subarray(0, 100))
    t.same(await site.store.readStart(key, size + 100), bytes, 'at most as many as there are')
    t.same(await buffer(await site.store.open(key)), bytes)
  })

  t.test('everything but exactly that upload is refused, and leaves nothing behind', async t => {
    const site = open()
    const before = await site.everything()
    const other = someObject()
    const attempts: Array<[string, number, (signed: SignedUpload, bytes: Buffer) => Promise<number>]> = [
      ['other bytes, as many', 400, async upload => await put(site, upload, other.bytes)],
      ['fewer bytes', 403, async (upload, bytes) => await put(site, upload, bytes.subarray(1))],
      ['more bytes', 403, async (upload, bytes) => await put(site, upload, Buffer.concat([bytes, bytes]))],
      ['another media type', 403, async (upload, bytes) => await put(site, having(upload, { 'content-type': 'text/html' }), bytes)],
      ['a parameter of the media type', 403, async (upload, bytes) => await put(site, having(upload, { 'content-type': 'image/jpeg; charset=utf-8' }), bytes)],
      ['no If-None-Match', 403, async (upload, bytes) => await put(site, without(upload, 'if-none-match'), bytes)],
      ['another If-None-Match', 403, async (upload, bytes) => await put(site, having(upload, { 'if-none-match': '"a"' }), bytes)],
      ['no digest', 403, async (upload, bytes) => await put(site, without(upload, 'x-amz-checksum-sha256'), bytes)],
      ['another digest', 403, async upload => await put(site, having(upload, { 'x-amz-checksum-sha256': other.sha256 }), other.bytes)],
      ['no tag', 403, async (upload, bytes) => await put(site, without(upload, 'x-amz-tagging'), bytes)],
      ['another tag', 403, async (upload, bytes) => await put(site, having(upload, { 'x-amz-tagging': 'state=kept' }), bytes)],
      ['a forged signature', 403, async (upload, bytes) => await put(site, { ...upload, url: forged(upload.url) }, bytes)],
      ['a later end', 403, async (upload, bytes) => await put(site, { ...upload, url: upload.url.replace(/expires=\d+/i, expires => `${expires}0`) }, bytes)]
    ]
    for (const [name, status, attempt] of attempts) {
      const { object, upload } = await signed(site)
      t.equal(await attempt(upload, object.bytes), status, name)
      t.equal(await site.store.head(object.key), undefined, `${name}: nothing is there`)
    }

    const { object, upload } = await signed(site)
    t.equal(await put(site, { ...upload, url: upload.url.replace(object.key, other.key) }, object.bytes), 403, 'another key')
    t.equal(await site.store.head(other.key), undefined)

    const late = await site.behind(term + minute).signUpload(object, Date.now() - minute)
    t.equal(await put(site, late, object.bytes), 403, 'an expired URL')

    t.equal((await fetch(new URL(upload.url, site.base))).status, 403, 'GET with the URL of an upload')
    t.same(await site.everything(), before)
  })

  t.test('a second upload is refused, and changes nothing', async t => {
    const site = open()
    const { object, upload } = await uploaded(site)
    t.equal(await put(site, upload, object.bytes), 412)
    await site.store.keep(object.key)
    t.equal(await put(site, upload, object.bytes), 412, 'once it is kept as well')
    t.notOk((await site.pending()).includes(object.key))
    const { size, sha256 } = object
    t.same(await site.store.head(object.key), { size, sha256 })
  })

  t.test('of two uploads at once one is it', async t => {
    const site = open()
    const { object, upload } = await signed(site)
    const statuses = await Promise.all([1, 2].map(async () => await put(site, upload, object.bytes)))
    t.same(statuses.sort(), [200, 412])
    t.same(await buffer(await site.store.open(object.key)), object.bytes)
  })

  t.test('what is uploaded goes by itself until it is kept, which can be said twice', async t => {
    const site = open()
    const { object: { key } } = await uploaded(site)
    t.ok((await site.pending()).includes(key))
    for (const time of ['once', 'twice']) {
      await site.store.keep(key)
      t.notOk((await site.pending()).includes(key), time)
      t.ok((await site.everything()).includes(key), time)
    }
  })

  t.test('what is removed is not there, which can be said twice', async t => {
    const site = open()
    for (const isKept of [false, true]) {
      const { object: { key } } = await uploaded(site)
      if (isKept) await site.store.keep(key)
      for (const _ of [1, 2]) await site.store.remove(key)
      t.equal(await site.store.head(key), undefined)
      t.notOk((await site.everything()).includes(key))
    }
  })

  t.test('what isn\'t there can\'t be kept or read', async t => {
    const { store } = open()
    const { key } = someObject()
    const asked: Array<() => Promise<unknown>> = [
      async () => await store.keep(key), async () => await store.open(key), async () => await store.readStart(key, 10)
    ]
    for (const ask of asked) await t.rejects(ask(), { code: 'attachment_not_uploaded' })
  })

  t.test('it can be got by whoever has the URL, to be saved, and by nobody else', async t => {
    const site = open()
    const { object: { key, bytes } } = await uploaded(site)
    const wanted = { key, fileName: 'Zähler "1".csv', mediaType: 'text/csv' }
    const url = await site.store.signDownload(wanted, Date.now() + 5 * minute)
    const response = await fetch(new URL(url, site.base))
    t.equal(response.status, 200)
    t.equal(response.headers.get('content-type'), 'text/csv')
    t.equal(response.headers.get('content-length'), String(bytes.length))
    t.equal(response.headers.get('cache-control'), 'private')
    t.match(response.headers.get('content-disposition'), /^attachment; filename="Z_hler _1_\.csv"; filename\*=UTF-8''Z%C3%A4hler%20%221%22\.csv$/)
    t.same(Buffer.from(await response.arrayBuffer()), bytes)

    const other = await uploaded(site)
    const refused: Record<string, string> = {
      'a forged signature': forged(url),
      'another name': url.replace('.csv', '.htm'),
      'another media type': url.replace(/text(%2F|\/)csv/, 'text%2Fhtml'),
      'another key': url.replace(key, other.object.key),
      'no signature': url.split('?')[0]!,
      expired: await site.behind(term).signDownload(wanted, Date.now() - minute)
    }
    for (const [name, url] of Object.entries(refused)) {
      const response = await fetch(new URL(url, site.base))
      t.equal(response.status, 403, name)
      t.notOk(Buffer.from(await response.arrayBuffer()).includes(bytes.subarray(0, 100)), name)
    }
    t.equal((await fetch(new URL(url, site.base), { method: 'PUT', body: 'other' })).status, 403, 'PUT with the URL of a download')
    await site.store.remove(key)
    t.equal((await fetch(new URL(url, site.base))).status, 404)
  })

  t.test('every name comes back as it was', async () => {
    const site = open()
    const { object: { key } } = await uploaded(site)
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }).map(name => name.normalize('NFC')).filter(isFileName)
    await fc.assert(fc.asyncProperty(names, async fileName => {
      const url = await site.store.signDownload({ key, fileName, mediaType: 'text/csv' }, Date.now() + minute)
      const response = await fetch(new URL(url, site.base))
      await response.arrayBuffer()
      assert.equal(response.status, 200)
      const [, encoded] = /^attachment; filename="[^"]*"; filename\*=UTF-8''(\S+)$/.exec(response.headers.get('content-disposition') ?? '') ?? []
      assert.equal(decodeURIComponent(encoded ?? ''), fileName)
    }), { numRuns: 100 })
  })
}

/** A URL with one digit of its signature changed. */
function forged (url: string): string {
  return url.replace(/(signature=[^&]{5})(.)/i, (_, before: string, char: string) => before + (char === '0' ? '1' : '0'))
}
