import type { MessageAttachment } from 'equilux-chat-client'
import fc from 'fast-check'
import t from 'tap'
import { mediaTypes } from '../../schemas/attachment.js'
import { isFileName } from '../../src/shared/file-name.js'
import { Blobs } from '../../web/src/attachments/blobs.js'
import { hindranceOf, readyIn } from '../../web/src/attachments/drafts.js'
import { FileDrafts, type FileWork } from '../../web/src/attachments/file-drafts.js'
import { renamed, tidyName } from '../../web/src/attachments/file-names.js'
import { formatSize } from '../../web/src/attachments/format-size.js'
import { loadsItself } from '../../web/src/attachments/loads-itself.js'
import { acceptOf, mediaTypeOf } from '../../web/src/attachments/media-types.js'
import { blurOf } from '../../web/src/attachments/blur.js'
import { boxOf, scaledSize } from '../../web/src/attachments/sizes.js'

t.test('a file is what its name says, or else what the browser does', async t => {
  t.equal(mediaTypeOf({ name: 'Load.CSV', type: 'application/vnd.ms-excel' }), 'text/csv')
  t.equal(mediaTypeOf({ name: 'IMG_1.HEIC', type: '' }), 'image/heic')
  t.equal(mediaTypeOf({ name: 'blob', type: 'image/png' }), 'image/png')
  t.equal(mediaTypeOf({ name: 'usage', type: 'text/xml; charset=utf-8' }), 'application/xml')
  t.equal(mediaTypeOf({ name: 'page.html', type: 'text/html' }), 'text/html', 'which the server doesn\'t take')
  t.equal(mediaTypeOf({ name: 'constructor.constructor', type: '' }), undefined)
  t.match(acceptOf([...mediaTypes]).split(','), ['image/jpeg'])
  t.ok(acceptOf([...mediaTypes]).includes('.csv') && !acceptOf(['application/pdf']).includes('.csv'))
})

t.test('every name becomes one that the server takes, and keeps its ending', async t => {
  t.equal(tidyName('Zähler (neu).jpg', 'file'), 'Zähler (neu).jpg')
  t.equal(tidyName('../a\u202egpj.exe', 'file'), '.._agpj.exe')
  t.equal(tidyName(' \u0000', 'file'), 'file')
  t.ok(tidyName('a'.repeat(300) + '.csv', 'file').endsWith('a.csv'))
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), name => {
    const tidy = tidyName(name, 'file')
    return isFileName(tidy) && Array.from(tidy).length <= 255
  }))
  t.equal(renamed('IMG_1.HEIC', 'image/jpeg'), 'IMG_1.jpg')
  t.equal(renamed('meter.JPEG', 'image/jpeg'), 'meter.JPEG')
  t.equal(renamed('blob', 'image/png'), 'blob.png')
})

t.test('a picture keeps its proportions, and never stands out', async t => {
  t.same(scaledSize({ width: 4000, height: 3000 }, 1600), { width: 1600, height: 1200 })
  t.same(scaledSize({ width: 40, height: 30 }, 1600), { width: 40, height: 30 })
  t.same(scaledSize({ width: 65_535, height: 1 }, 1600), { width: 1600, height: 1 })
  t.same(boxOf({ width: 400, height: 300 }), { width: 320, ratio: 4 / 3 })
  t.same(boxOf({ width: 300, height: 400 }), { width: 240, ratio: 0.75 })
  t.same(boxOf({ width: 1, height: 65_535 }), { width: 160, ratio: 0.5 }, 'whatever its sender says')
  t.same(boxOf({}), { width: 320, ratio: 4 / 3 })
})

t.test('what a sender says that a picture looks like is a picture, or nothing', async () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 27 }).map(bytes => Buffer.from(bytes).toString('base64')), hash => {
    const url = blurOf(hash)
    return url === undefined || (url.startsWith('data:image/png;base64,') && url.length < 10_000)
  }))
})

t.test('large files wait until they are asked for, and all do where data is saved', async t => {
  t.equal(loadsItself(200_000, {}), true)
  t.equal(loadsItself(3_000_000, {}), false)
  t.equal(loadsItself(1, { saveData: true }), false)
  t.equal(loadsItself(1, { effectiveType: 'slow-2g' }), false)
  t.equal(formatSize(10 * 2 ** 20, 'en'), '10.4 MB', 'less rather than more')
  t.equal(formatSize(183_274, 'en'), '183 kB')
  t.equal(formatSize(7, 'en'), '1 kB')
})

const attachment = (attachmentId: string): MessageAttachment => ({ attachmentId, fileName: `${attachmentId}.pdf`, mediaType: 'application/pdf', size: 3, sha256: '' })
const limits = { maxBytes: 100, mediaTypes: [...mediaTypes] }
const pdf = (name: string, size = 3) => new File(['x'.repeat(size)], name, { type: 'application/pdf' })

/** Drafts whose uploads end when they are told to. */
function scripted (work: Partial<FileWork> = {}) {
  const uploads: Array<{ name: string, key: string, signal: AbortSignal, report: (progress: number) => void, end: (outcome: Awaited<ReturnType<FileWork['upload']>>) => void }> = []
  const drafts = new FileDrafts(limits, {
    fallbackName: 'file',
    prepare: async (blob, fileName, mediaType) => ({ blob, fileName, mediaType }),
    upload: async ({ fileName: name }, key, report, signal) => await new Promise(resolve => { uploads.push({ name, key, signal, report, end: resolve }) }),
    ...work
  })
  const until = async (holds: () => boolean) => { while (!holds()) await new Promise(resolve => setImmediate(resolve)) }
  return { drafts, uploads, until }
}

t.test('files are uploaded at once, four of them, and sent when all are there', async t => {
  const { drafts, uploads, until } = scripted()
  drafts.add([pdf('a.pdf'), pdf('b.pdf'), pdf('page.html'), pdf('c.pdf'), pdf('d.pdf'), pdf('e.pdf')])
  await until(() => uploads.length === 4)
  t.equal(drafts.get().leftOut, 2, 'a name that says nothing leaves it to the browser')
  t.equal(hindranceOf(drafts.get()), 'uploading')
  uploads[0]!.report(0.5)
  t.equal(drafts.get().files[0]?.progress, 0.5)
  for (const { name, end } of uploads) end({ data: attachment(name) })
  await until(() => hindranceOf(drafts.get()) === undefined)
  t.same(readyIn(drafts.get()).map(({ attachmentId }) => attachmentId), ['a.pdf', 'b.pdf', 'page.html', 'c.pdf'])
  t.equal(drafts.take().length, 4)
  t.same(drafts.get(), { files: [], refused: [], leftOut: 0 })
})

t.test('what the server wouldn\'t take is told before anything is uploaded', async t => {
  const { drafts } = scripted()
  drafts.add([new File(['x'], 'page.html', { type: 'text/html' }), pdf('big.pdf', 101), pdf('empty.pdf', 0)])
  t.same(drafts.get().refused.map(({ name, fault: { code } }) => `${name} ${code}`), ['page.html attachment_type_not_allowed', 'big.pdf attachment_too_large', 'empty.pdf file_empty'])
  t.same(drafts.get().files, [])
})

t.test('one that fails can be tried again as the same, or taken away; what is taken away is called off', async t => {
  const { drafts, uploads, until } = scripted()
  drafts.add([pdf('a.pdf'), pdf('b.pdf')])
  await until(() => uploads.length === 2)
  const [a, b] = uploads
  a!.end({ error: { code: 'network_unreachable', detail: '', retryable: true } })
  await until(() => hindranceOf(drafts.get()) === 'failed')
  drafts.remove(drafts.get().files[1]!.key)
  t.equal(b!.signal.aborted, true)
  b!.end({ data: attachment('b') })
  drafts.retry(drafts.get().files[0]!.key)
  await until(() => uploads.length === 3)
  t.equal(uploads[2]!.key, a!.key)
  uploads[2]!.end({ data: attachment('a') })
  await until(() => hindranceOf(drafts.get()) === undefined)
  t.same(drafts.take().map(({ attachmentId }) => attachmentId), ['a'])
})

t.test('an image that can\'t be read, or is too large still, fails; so does what can\'t be loaded', async t => {
  const { drafts, until } = scripted({
    async prepare (_file, fileName, mediaType) {
      if (fileName === 'a.jpg') return undefined
      if (fileName === 'c.webp') throw new Error('There is no network')
      return { blob: new Blob(['x'.repeat(101)]), fileName, mediaType }
    }
  })
  drafts.add([new File(['x'], 'a.jpg'), new File(['x'.repeat(1000)], 'b.png'), new File(['x'], 'c.webp')])
  await until(() => drafts.get().files.every(({ state }) => state === 'failed'))
  t.same(drafts.get().files.map(({ fault }) => fault?.code), ['image_unreadable', 'attachment_too_large', 'network_unreachable'])
  t.same(drafts.get().files.map(({ fault }) => fault?.retryable), [false, false, true])
})

t.test('what a message had that wasn\'t sent is there again', async t => {
  const { drafts } = scripted()
  drafts.restore([attachment('a'), attachment('b')])
  t.equal(hindranceOf(drafts.get()), undefined)
  drafts.remove('a')
  t.same(drafts.take(), [attachment('b')])
})

t.test('bytes are fetched once for all who ask, and those looked at last are kept', async t => {
  const asked: string[] = []
  const blobs = new Blobs(async id => {
    asked.push(id)
    return id === 'bad' ? { error: { code: 'attachment_unavailable', title: '', detail: '', retryable: false } } : { blob: new Blob(['12345'], { type: 'text/html' }) }
  }, 10)
  const [one, same] = await Promise.all([blobs.load(attachment('a')), blobs.load(attachment('a'))])
  t.equal(one.blob, same.blob)
  t.equal(one.blob?.type, 'application/pdf', 'whatever the store says')
  await blobs.load(attachment('b'))
  await blobs.load(attachment('a'))
  await blobs.load(attachment('c'))
  t.same([blobs.peek('a') !== undefined, blobs.peek('b'), blobs.peek('c') !== undefined], [true, undefined, true])
  t.equal((await blobs.load(attachment('bad'))).error?.code, 'attachment_unavailable')
  await blobs.load(attachment('bad'))
  t.same(asked, ['a', 'b', 'c', 'bad', 'bad'])
})
