import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * What runs one of the server's programs as a process of its own: as it was built where the whole suite runs, which
 * builds first and starts many; from its source where a file is run alone.
 * @param name below src, without its ending, e.g. `server` or `commands/token`
 * @param args what the program is given
 * @param nodeArgs what Node is given
 * @returns the file to execute, and its arguments
 */
export function program (name: string, args: string[] = [], nodeArgs: string[] = []): [file: string, args: string[]] {
  return ['/usr/bin/env', [...withoutTap, process.execPath, ...nodeArgs, ...scriptOf(name), ...args]]
}

/** Tap loads itself into every process that is started, for coverage: that takes longer than a command's own start. */
const withoutTap = ['-u', 'NODE_OPTIONS']

function scriptOf (name: string): string[] {
  if (process.env.TEST_BUILT === undefined) return ['--import', import.meta.resolve('tsx'), join(root, 'src', `${name}.ts`)]
  const built = join(root, 'dist/src', `${name}.js`)
  if (!existsSync(built)) throw new Error(`${built} is missing: npm run build:server`)
  return [built]
}
