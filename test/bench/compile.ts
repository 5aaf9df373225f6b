import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '../..')
const folder = 'dist/bench'

/** The modules that run in processes of their own, as they are after `compile`; paths from the root of the repository. */
export const compiled = Object.fromEntries(['floors', 'instant-database', 'load', 'usage'].map(name => [name, `${folder}/${name}.js`]))

/** Compiles them: what compiles a module while it is loaded also makes it slower, and the server that is measured is compiled too. */
export async function compile (): Promise<void> {
  await build({
    entryPoints: Object.keys(compiled).map(name => join(import.meta.dirname, `${name}.ts`)),
    outdir: join(root, folder),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20'
  })
}
