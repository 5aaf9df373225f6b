import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { sizeOf, spawnFiles, type Group } from '../support/spawn-files.js'

/*
 * Every test file that needs Chromium. Files share a process, and those of the web app a browser too, for both take long to start.
 * `npx tap FILE` runs a file alone.
 */
const filesIn = (folder: string) => readdirSync(folder).filter(name => name.endsWith('.browser.ts')).map(name => join(folder, name))

/** The web app's in two halves, of about as much work. */
const halves: Group[] = ['web, one half', 'web, the other half'].map(name => ({ name, files: [] }))
for (const file of filesIn(join(import.meta.dirname, 'web')).sort((a, b) => sizeOf([b]) - sizeOf([a]))) {
  const [one, other] = halves as [Group, Group]
  const lighter = sizeOf(one.files) <= sizeOf(other.files) ? one : other
  lighter.files.push(file)
}

t.jobs = 2
spawnFiles([...halves, { name: 'package and documents', files: filesIn(import.meta.dirname) }])
