import t from 'tap'
import { agrees, sniffedBytes } from '../../../src/services/attachments/sniff.js'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0xff, 0xd9])
const webp = Buffer.concat([Buffer.from('RIFF'), Buffer.from([26, 0, 0, 0]), Buffer.from('WEBPVP8L'), Buffer.alloc(18)])
const boxOf = (brand: string) => Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(4), Buffer.from('mif1heic'), Buffer.alloc(40)])
const pdf = Buffer.from('%PDF-1.7\n%\u00e2\u00e3\n1 0 obj\n')
const xml = Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"/>')

const good: Array<[mediaType: string, what: string, bytes: Buffer]> = [
  ['image/png', 'a PNG', png],
  ['image/jpeg', 'a JPEG', jpeg],
  ['image/webp', 'a WebP', webp],
  ['image/heic', 'a HEIC', boxOf('heic')],
  ['image/heic', 'a HEIF', boxOf('mif1')],
  ['application/pdf', 'a PDF', pdf],
  ['application/xml', 'XML', xml],
  ['application/atom+xml', 'Green Button XML', xml],
  ['application/xml', 'XML without a declaration', Buffer.from('<a/>')],
  ['application/json', 'JSON', Buffer.from('{"kWh": [0.25, 0.5]}\n')],
  ['text/csv', 'CSV', Buffer.from('INTERVAL;ENERGY(kWh)\r\n00:00;\t0.25\r\n')],
  ['text/csv', 'CSV in any language', Buffer.from('زمن;ऊर्जा;Zähler\n1;2;3\n')],
  ['text/csv', 'CSV with a byte order mark', Buffer.from('\ufeffINTERVAL;ENERGY\n1;2\n')],
  ['text/csv', 'CSV that begins as a bitmap does', Buffer.from('BM;kWh\n1;2\n')],
  ['text/csv', 'CSV that begins as a program does', Buffer.from('MZ;kWh\n1;2\n')]
]

const bad: typeof good = [
  ['image/png', 'a JPEG', jpeg],
  ['image/jpeg', 'a PNG', png],
  ['image/jpeg', 'text', Buffer.from('a photo')],
  ['image/heic', 'an AVIF', boxOf('avif')],
  ['image/heic', 'a film', boxOf('mp42')],
  ['application/pdf', 'a page', Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['text/csv', 'a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n')],
  ['text/csv', 'XML', xml],
  ['application/json', 'XML', xml],
  ['application/xml', 'a PDF', Buffer.from('%PDF-1.7\n1 0 obj\n')],
  ['text/csv', 'a program', Buffer.from('MZ\u0090\u0000\u0003\u0000', 'latin1')],
  ['text/csv', 'a bitmap', Buffer.from('BM\u0046\u0000\u0000\u0000', 'latin1')],
  ['text/csv', 'text with a null', Buffer.from('a;b\n1;\u0000\n')],
  ['text/csv', 'text that moves the cursor', Buffer.from('a;b\n\u001b[2J;1\n')],
  ['text/csv', 'UTF-16', Buffer.from('\ufeffa;b\n', 'utf16le')],
  ['text/csv', 'Latin-1', Buffer.from('Zähler;kWh\n', 'latin1')],
  ['text/csv', 'a character that is cut off at the end', Buffer.from('a;€').subarray(0, -1)],
  ['application/json', 'a zip', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0])]
]

for (const [cases, expected] of [[good, true], [bad, false]] as const) {
  for (const [mediaType, what, bytes] of cases) {
    t.test(`${what} is ${expected ? '' : 'not '}taken for ${mediaType}`, async t => {
      t.equal(await agrees(mediaType, bytes, true), expected)
    })
  }
}

t.test('of a long text the beginning is enough, wherever it is cut', async t => {
  const text = Buffer.from(`a;b\n${'€'.repeat(sniffedBytes)}`)
  for (const cut of [0, 1, 2]) t.equal(await agrees('text/csv', text.subarray(0, sniffedBytes - cut), false), true)
})
