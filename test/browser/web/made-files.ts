import type { Page } from 'playwright-core'

/** A file as it is chosen, dropped or pasted. */
export interface MadeFile { name: string, mimeType: string, buffer: Buffer }

/** What a camera's photo says of the place, as text that can be looked for. */
export const noted = 'A camera that tells where it was'

/**
 * A photo as a phone makes it: of a meter, lying on its side, with the place in its EXIF.
 * @param page draws it
 */
export async function photo (page: Page, name = 'meter.jpg', width = 2400, height = 1200): Promise<MadeFile> {
  const drawn = await page.evaluate(async ({ width, height }) => {
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d')!
    const colours = context.createLinearGradient(0, 0, width, height)
    colours.addColorStop(0, '#f2b134')
    colours.addColorStop(1, '#14486b')
    context.fillStyle = colours
    context.fillRect(0, 0, width, height)
    context.fillStyle = '#fff'
    context.font = `${height / 4}px sans-serif`
    context.fillText('04217 kWh', width / 8, height / 2)
    return Array.from(new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })).arrayBuffer()))
  }, { width, height })
  return { name, mimeType: 'image/jpeg', buffer: withExif(Buffer.from(drawn)) }
}

/** Puts an EXIF block behind the start of a JPEG: turned by 90°, made by a camera, at 52°31′ N. */
function withExif (jpeg: Buffer): Buffer {
  const make = Buffer.from(`${noted}\0`)
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12)
    bytes.writeUInt16LE(tag, 0)
    bytes.writeUInt16LE(type, 2)
    bytes.writeUInt32LE(count, 4)
    bytes.writeUInt32LE(value, 8)
    return bytes
  }
  const folder = (entries: Buffer[]) => {
    const count = Buffer.alloc(2)
    count.writeUInt16LE(entries.length)
    return Buffer.concat([count, ...entries, Buffer.alloc(4)])
  }
  // Offsets count from the start of the header.
  const [header, sizeOfFirst, sizeOfGps] = [8, 2 + 3 * 12 + 4, 2 + 2 * 12 + 4]
  const gpsAt = header + sizeOfFirst
  const latitudeAt = gpsAt + sizeOfGps
  const latitude = Buffer.alloc(24)
  for (const [index, value] of [52, 1, 31, 1, 0, 1].entries()) latitude.writeUInt32LE(value, index * 4)
  const tiff = Buffer.concat([
    Buffer.from('49492a0008000000', 'hex'),
    folder([entry(0x010f, 2, make.length, latitudeAt + latitude.length), entry(0x0112, 3, 1, 6), entry(0x8825, 4, 1, gpsAt)]),
    folder([entry(1, 2, 2, 0x4e), entry(2, 5, 3, latitudeAt)]),
    latitude,
    make
  ])
  const body = Buffer.concat([Buffer.from('Exif\0\0'), tiff])
  const head = Buffer.from('ffe10000', 'hex')
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}

/** A day of quarter hours, as gsy-e takes it, with decimal commas: 0.25 kWh each, and 1 kWh at noon. */
export function loadProfile (name = 'load.csv'): MadeFile {
  const lines = Array.from({ length: 96 }, (_, quarter) => {
    const at = `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String(quarter % 4 * 15).padStart(2, '0')}`
    return `${at};${quarter === 48 ? '1' : '0,25'}`
  })
  return { name, mimeType: 'text/csv', buffer: Buffer.from(['INTERVAL;ENERGY(kWh)', ...lines, ''].join('\r\n')) }
}

/** A PDF that is a page with a script as well, to whoever takes it for one. */
export function polyglot (name = 'contract.pdf'): MadeFile {
  const page = '<html><body><script>document.title = "It ran"; opener?.postMessage("It ran")</script></body></html>'
  return { name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.4\n${page}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`) }
}

/** Drops or pastes files on what a selector finds. */
export async function give (page: Page, how: 'drop' | 'paste', selector: string, files: readonly MadeFile[]): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: buffer.toString('base64') }))
  await page.evaluate(({ how, selector, given }) => {
    const data = new DataTransfer()
    for (const { name, mimeType, bytes } of given) data.items.add(new File([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))], name, { type: mimeType }))
    const place = document.querySelector(selector)
    const common = { bubbles: true, cancelable: true }
    if (how === 'paste') place?.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: data }))
    else for (const type of ['dragenter', 'dragover', 'drop']) place?.dispatchEvent(new DragEvent(type, { ...common, dataTransfer: data }))
  }, { how, selector, given })
}
