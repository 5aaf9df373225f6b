import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

/** Test files that share a process. */
export interface Group {
  name: string
  files: string[]
}

/** How many bytes files have. */
export function sizeOf (files: readonly string[]): number {
  return files.reduce((sum, file) => sum + statSync(file).size, 0)
}

/**
 * Runs groups of test files, each in a process of its own, the first ones first.
 * @param env what the processes have beside this one's environment
 */
export function spawnFiles (groups: readonly Group[], env: Record<string, string> = {}): void {
  for (const { name, files } of groups) {
    t.spawn(process.execPath, [...process.execArgv, join(import.meta.dirname, 'run-files.ts'), name], {
      env: { ...process.env, ...env, TEST_FILES: JSON.stringify(files) },
      buffered: true,
      timeout: 1_800_000
    }, name)
  }
}
