import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import t from 'tap'
import { startEngine } from './support/engine.js'
import { sizeOf, spawnFiles, type Group } from './support/spawn-files.js'

/*
 * Every test file. Most of what a file costs is the start of a process that loads the server, and of a database: so a folder's
 * files share a process, small folders share one too, and all share an engine, in which each app has a table of its own.
 * `npx tap FILE` runs a file alone.
 */
const root = import.meta.dirname
const folders = new Map<string, string[]>()
for (const file of (readdirSync(root, { recursive: true }) as string[]).filter(name => name.endsWith('.test.ts')).sort()) {
  const folder = file.includes(sep) ? file.slice(0, file.indexOf(sep)) : 'server'
  folders.set(folder, [...folders.get(folder) ?? [], join(root, file)])
}

/** Folders whose tests mostly wait, for servers that they start and kill: they come first, and others fill their pauses. */
const waiting = new Set(['work', 'server', 'commands', 'local', 'storage'])

/** Up to how many bytes of small folders' tests share a process. */
const shared = 100_000
const groups: Array<Group & { isWaiting: boolean, size: number }> = []
// The longest first, or it would be waited for alone.
const order = [...folders].map(([name, files]) => ({ name, files, isWaiting: waiting.has(name), size: sizeOf(files) }))
  .sort((a, b) => Number(b.isWaiting) - Number(a.isWaiting) || b.size - a.size)
for (const folder of order) {
  const group = groups.find(group => group.isWaiting === folder.isWaiting && group.size + folder.size <= shared)
  if (group === undefined) {
    groups.push(folder)
  } else {
    group.name += `, ${folder.name}`
    group.files = [...group.files, ...folder.files]
    group.size += folder.size
  }
}

const engine = await startEngine()
t.teardown(engine.close)
// More than there are cores, for half of the time a test waits.
t.jobs = availableParallelism() + 2
spawnFiles(groups, { SHARED_DYNAMODB: engine.endpoint, TEST_BUILT: 'yes' })
