import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/** What the app is made of, below the repository: its own sources, the client's, and the versions of what they use. */
const inputs = ['web', 'client/src', 'openapi/client', 'package-lock.json']
const left = new Set(['dist', 'node_modules'])

/** A digest of the names and contents of all files that the app is made of. @param root the repository's folder */
export async function digestOfInputs (root: string): Promise<string> {
  const files = (await Promise.all(inputs.map(input => filesOf(join(root, input))))).flat().sort()
  const contents = await Promise.all(files.map(file => readFile(file)))
  const digest = createHash('sha256')
  files.forEach((file, n) => {
    digest.update(`${relative(root, file)}\0${contents[n]!.length}\0`).update(contents[n]!)
  })
  return digest.digest('hex')
}

async function filesOf (path: string): Promise<string[]> {
  try {
    const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !left.has(name))
    return (await Promise.all(entries.map(entry => entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]))).flat()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return [path]
    throw error
  }
}
