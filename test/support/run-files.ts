import { once } from 'node:events'
import { pathToFileURL } from 'node:url'
import t from 'tap'

// Tap ends by itself when nothing is left to do for a moment, which is so between two files.
t.removeAllListeners('idle')
// Until every file has been run.
process.exitCode = 1

/** Runs the test files that TEST_FILES names (JSON), one after the other. The argument is for Tap, which names temporary folders after it. */
for (const file of JSON.parse(process.env.TEST_FILES ?? '[]') as string[]) {
  await import(pathToFileURL(file).href)
  while (!t.idle) await once(t, 'idle')
  t.jobs = 1
}

process.exitCode = 0
t.end()
