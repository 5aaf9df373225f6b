import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import t from 'tap'

// Tap ends by itself when nothing is left to do for a moment, which is so between two files.
t.removeAllListeners('idle')
// Until every file has been run.
process.exitCode = 1

/** Runs the test files that it is given, one after the other. */
for (const file of process.argv.slice(2)) {
  await import(pathToFileURL(file).href)
  while (!t.idle) await once(t, 'idle')
  t.jobs = 1
}

process.exitCode = 0
t.end()
