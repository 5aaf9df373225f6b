import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import t from 'tap'

/** Runs the test files that it is given, one after the other. */
for (const file of process.argv.slice(2)) {
  await import(pathToFileURL(file).href)
  while (!t.idle) await once(t, 'idle')
  t.jobs = 1
}
