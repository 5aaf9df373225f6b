import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const compressible = /\.(js|css|html|svg|webmanifest)$/
const compressions: Record<string, (content: Buffer) => Promise<Buffer>> = {
  '.br': async content => await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  '.gz': async content => await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION })
}

/** What isn't worth the bytes that say so. */
const least = 200

/** Writes beside each file of text what is sent to browsers that take it compressed: Brotli, and gzip for those on plain HTTP. */
export async function compressFiles (folder: string): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter(name => compressible.test(name))
  await Promise.all(names.map(async name => {
    const file = join(folder, name)
    const content = await readFile(file)
    if (content.length < least) return
    await Promise.all(Object.entries(compressions).map(async ([ending, compress]) => await writeFile(file + ending, await compress(content))))
  }))
}
