import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * What to give Node to run one of the server's programs as a process of its own: as it was built where the whole suite runs, which
 * builds first and starts many; from its source where a file is run alone.
 * @param name below src, without its ending, e.g. `server` or `commands/token`
 */
export function program (name: string): string[] {
  if (process.env.TEST_BUILT === undefined) return ['--import', import.meta.resolve('tsx'), join(root, 'src', `${name}.ts`)]
  const built = join(root, 'dist/src', `${name}.js`)
  if (!existsSync(built)) throw new Error(`${built} is missing: npm run build:server`)
  return [built]
}
