import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compressFiles } from './compress.js'
import { digestOfInputs } from './inputs.js'

/*
 * Builds the app into web/dist, unless what is there was made of the same files: the start of the server asks for it each time.
 */
const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const mark = join(dist, '.inputs')

const inputs = await digestOfInputs(join(root, '..'))
if (await builtFrom() !== inputs) {
  const { build } = await import('vite')
  await build({ root, configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  await compressFiles(dist)
  await writeFile(mark, inputs)
}

/** What the files are made of that are there; undefined where none are, or a build was cut off. */
async function builtFrom (): Promise<string | undefined> {
  try {
    return await readFile(mark, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
