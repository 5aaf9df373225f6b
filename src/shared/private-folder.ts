import { chmodSync, mkdirSync, statSync } from 'node:fs'

/**
 * Makes a folder, if it is absent, and what is in its path; it is its owner's alone, also where it was open to others before.
 * @throws Error naming the folder where it is open to others and belongs to one of them
 */
export function makePrivateFolder (path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  makePrivate(path, 0o700)
}

/**
 * Takes a file's or folder's permissions from everybody but its owner.
 * @param mode what the owner keeps
 * @throws Error naming it where it belongs to somebody else
 */
export function makePrivate (path: string, mode: number): void {
  // Windows has no such permissions, and shows every file as open to all.
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return
  try {
    chmodSync(path, mode)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') throw cause
    const permissions = (statSync(path).mode & 0o777).toString(8)
    throw new Error(`${path} is open to other users (${permissions}) and belongs to one of them: ` +
      `let its owner run chmod ${mode.toString(8)}, or set DATA_DIR to a folder of your own`, { cause })
  }
}
