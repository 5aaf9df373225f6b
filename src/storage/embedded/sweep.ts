import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from './file-faults.js'

/** After how long what was not kept goes, in ms. */
const lifetime = 24 * 60 * 60 * 1000

/** The permission of a file's owner to write it. */
const writable = 0o200

/** Removes the files of a folder that were last written a day ago or earlier, and still may be. Nothing is done where there is no folder. */
export async function sweep (folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(ignoreAbsence) ?? []) {
    if (!entry.isFile()) continue
    const path = join(folder, entry.name)
    const file = await stat(path).catch(ignoreAbsence)
    // By this machine's clock, as the files' times are.
    if (file !== undefined && (file.mode & writable) !== 0 && file.mtimeMs <= Date.now() - lifetime) await rm(path, { force: true })
  }
}

/** Another instance sweeps the same folder, or somebody is erased meanwhile. */
function ignoreAbsence (error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error
}
